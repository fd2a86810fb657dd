"""The domain of the work, in the names that the role library uses."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache

import ahocorasick

OTHER = "Other"

# Each word or phrase speaks for a domain with weight 1; those after "+" with weight 3.
_VOCABULARY: dict[str, str] = {
    "Software Engineering":
        "software developer,software engineer,web developer,full stack,frontend,front-end,backend,"
        "back-end,javascript,java,spring boot,react,angular,node.js,nodejs,.net,php,python,rest api,"
        "microservices,coding,programming,html,css,mobile app,android,ios,git,unit tests,codebase,"
        "web applications+software development,application development,programmer,web development",
    "Data & AI":
        "data science,data scientist,machine learning,deep learning,nlp,tensorflow,pytorch,"
        "data analyst,data analysis,sql,power bi,tableau,etl,data pipelines,data warehouse,"
        "statistics,pandas,spark,llm,generative ai,genai,predictive,big data,"
        "data entry+data engineer,artificial intelligence,ai/ml,ml models,data modeling,ai engineer,"
        "ai developer",
    "Cloud & Infrastructure":
        "devops,cloud,aws,azure,kubernetes,docker,terraform,linux,network,servers,"
        "system administrator,sre,ci/cd,windows server,active directory,virtualization,help desk,"
        "desktop support,database administrator,firewall,routers+site reliability,"
        "cloud infrastructure,network engineer,systems administrator,it support",
    "Security":
        "cybersecurity,cyber security,information security,siem,vulnerability,penetration testing,"
        "threat,incident response,soc analyst,iso 27001,malware,security controls+security engineer,"
        "security analyst,infosec",
    "Quality Assurance":
        "test cases,selenium,manual testing,automation testing,regression,qa,test plans,defects,"
        "bug tracking,jmeter,test automation+quality assurance,qa engineer,tester,software testing",
    "Hardware & Electronics":
        "vlsi,fpga,verilog,rtl,pcb,embedded,circuit,schematics,firmware,asic,analog,semiconductor,"
        "soc,iot,microcontroller,robotics+hardware design,electronics engineer,chip design",
    "Enterprise Applications":
        "salesforce,sap,erp,oracle apps,servicenow,dynamics 365,crm implementation,abap,s/4hana,"
        "workday,netsuite,rpa,uipath,power platform,functional consultant+salesforce developer,"
        "sap consultant,sap fico,erp implementation",
    "Product & Design":
        "product roadmap,user stories,product management,backlog,ux,ui,wireframes,prototypes,figma,"
        "user research,usability,graphic design,photoshop,illustrator,product vision,adobe,"
        "typography,visual design,technical writing+product manager,product owner,ux designer,"
        "graphic designer,product designer",
    "Project & Business Analysis":
        "project plan,project management,stakeholders,milestones,business requirements,scrum,agile,"
        "gap analysis,pmo,program management,brd,business process,"
        "consulting engagements+project manager,business analyst,scrum master,program manager,"
        "management consultant",
    "Sales":
        "sales targets,leads,prospects,cold calling,business development,client acquisition,crm,"
        "revenue,negotiat,territory,channel partners,distributors,retail sales,closing deals,"
        "account management,inside sales,quota,sales team,dealers,retailers+sales executive,"
        "sales manager,business development manager,sales representative,account executive",
    "Marketing & Communications":
        "marketing,seo,sem,social media,campaigns,content,brand,google analytics,copywriting,"
        "public relations,email marketing,ppc,digital marketing,instagram,facebook,blog,media,"
        "editorial,press releases,influencer+marketing manager,digital marketing executive,"
        "content writer,social media manager,communications",
    "Finance & Accounting":
        "accounting,accounts payable,financial statements,gst,tally,audit,reconciliation,taxation,"
        "ledger,balance sheet,budgeting,financial reporting,financial analysis,valuation,equity,"
        "invoices,banking,credit,ifrs,gaap,treasury,mis,investment,loan+accountant,finance manager,"
        "financial analyst,chartered accountant,auditor",
    "Human Resources":
        "recruitment,talent acquisition,employee relations,payroll,onboarding,hr policies,"
        "performance management,employee engagement,hris,sourcing candidates,labour laws,"
        "compensation and benefits,hrbp,induction,grievance+human resources,hr manager,recruiter,"
        "hr business partner,human resource",
    "Operations & Supply Chain":
        "supply chain,logistics,procurement,inventory,warehouse,vendor management,purchase orders,"
        "shipping,dispatch,operations,fulfillment,forecasting,sourcing,transportation,freight,"
        "stock+supply chain manager,operations manager,logistics manager,procurement manager,"
        "warehouse manager",
    "Engineering & Manufacturing":
        "mechanical,autocad,solidworks,cad,manufacturing,civil engineering,electrical,structural,"
        "catia,creo,production,maintenance,plant,machining,hvac,piping,assembly,tooling,gd&t,"
        "construction,site engineer,boq,welding,automotive,aerospace,fabrication,"
        "drawings+mechanical engineer,civil engineer,electrical engineer,design engineer,"
        "production engineer,mechanical design",
    "Healthcare & Life Sciences":
        "patients,patient care,clinical,nursing,medical,hospital,pharma,clinical trials,diagnosis,"
        "laboratory,healthcare,medication,therapy,gmp,biotech,medical records,dental,biology,"
        "physician+registered nurse,nurse,pharmacist,physician,therapist,medical coder",
    "Education & Public Service":
        "students,teaching,curriculum,classroom,lesson plans,school,academic,learning outcomes,"
        "teachers,university,faculty,museum,exhibition,collections,library,policy,public service,"
        "nonprofit,community,grants,social work,archives,visitors,government+teacher,professor,"
        "lecturer,tutor,instructor,curator,librarian,social worker,academic",
    "Legal & Compliance":
        "legal,contracts,litigation,compliance,regulatory,law,court,drafting agreements,statutory,"
        "due diligence,attorney,intellectual property,counsel+lawyer,legal counsel,"
        "compliance officer,paralegal,company secretary",
    "Customer Success & Support":
        "customer support,customer service,customer queries,tickets,call center,bpo,customer success,"
        "customer satisfaction,complaints,inbound calls,churn,voice process,chat support,"
        "escalations+customer support executive,customer service representative,"
        "customer success manager,customer care",
    "Hospitality & Services":
        "hotel,restaurant,guests,kitchen,food safety,housekeeping,front office,chef,menu,beverage,"
        "travel,tourism,events,catering,cleaning,driver,driving,salon,fitness+hospitality,cook,"
        "front desk,event manager,delivery driver",
    "Administration":
        "office administration,calendar,filing,data entry,scheduling meetings,travel arrangements,"
        "correspondence,office supplies,reception,clerical,ms office,minutes of meetings,front desk,"
        "administrative support+administrative assistant,executive assistant,office manager,"
        "receptionist,secretary,office assistant",
}  # fmt: skip
DOMAINS: tuple[str, ...] = tuple(_VOCABULARY)
"""The domains of the role library."""

# Title words that settle the domain unless the title says more.
_TITLES: dict[str, str] = {
    "Software Engineering":
        "software,software engineer,software developer,programmer,full stack,frontend,front end,"
        "front-end,backend,back end,web,"
        "mobile,android,ios,java,python,php,.net,react,angular,node,wordpress,game,blockchain,"
        "engineering manager",
    "Data & AI":
        "data,machine learning,ml,ai,bi,analytics,artificial intelligence,nlp,computer vision,"
        "statistician,genai,generative ai,business intelligence",
    "Cloud & Infrastructure":
        "devops,cloud,network,system administrator,systems administrator,sre,infrastructure,"
        "database administrator,dba,it support,linux,help desk,platform engineer,desktop support,"
        "it manager",
    "Security":
        "security engineer,security analyst,cyber,cybersecurity,infosec,penetration,"
        "information security",
    "Quality Assurance": "qa,test,tester,testing,sdet,quality assurance,quality analyst",
    "Hardware & Electronics": "hardware,vlsi,fpga,electronics,embedded hardware,iot,robotics,rf,asic,pcb",
    "Enterprise Applications": "salesforce,sap,oracle,servicenow,erp,dynamics,rpa,workday,crm developer",
    "Product & Design":
        "product manager,product owner,product analyst,ux,ui,graphic,product designer,motion,"
        "visual designer,technical writer,product management,manager product",
    "Project & Business Analysis": (
        "project,program manager,business analyst,scrum,management consultant,strategy,pmo"
    ),
    "Sales":
        "sales,business development,account executive,account manager,pre-sales,presales,real estate,"
        "territory,telecaller,bde",
    "Marketing & Communications":
        "marketing,seo,social media,content,copywriter,brand,communications,public relations,media,"
        "editor,journalist",
    "Finance & Accounting":
        "finance,financial,account,accountant,accounts,accounting,audit,auditor,tax,credit,equity,"
        "treasury,valuation,risk analyst,bank,payroll accountant,investment,actuary",
    "Human Resources":
        "human resources,human resource,hr,talent,recruiter,recruitment,employee relations,"
        "people operations,people partner,hrbp,payroll",
    "Operations & Supply Chain":
        "supply chain,logistics,procurement,warehouse,purchase,operations manager,operations,"
        "inventory,buyer,fulfillment",
    "Engineering & Manufacturing":
        "mechanical,civil,electrical,manufacturing,production,design engineer,maintenance,"
        "construction,process engineer,quality engineer,plant,automotive,aerospace,chemical,"
        "industrial,electrician,welder,site engineer,structural,architect",
    "Healthcare & Life Sciences":
        "nurse,nursing,medical,clinical,pharmacist,physician,doctor,therapist,health,pharma,dental,"
        "rn,caregiver,biostatistician,laboratory,veterinary,surgeon",
    "Education & Public Service":
        "teacher,professor,lecturer,tutor,instructor,faculty,curator,curatorial,librarian,museum,"
        "education,academic,school,social worker,archivist,registrar,principal,trainer,teaching,"
        "policy,collections,conservator,exhibitions,fundraising,grants",
    "Legal & Compliance": (
        "legal,lawyer,attorney,counsel,compliance,paralegal,contract manager,company secretary"
    ),
    "Customer Success & Support":
        "customer support,customer service,customer success,customer care,customer experience,"
        "technical support,call center,chat support",
    "Hospitality & Services":
        "chef,cook,hotel,restaurant,housekeeping,waiter,barista,bartender,guest,event,driver,fitness,"
        "security guard,food,beverage,front office,cleaner,salon,travel",
    "Administration":
        "administrative,administrator assistant,executive assistant,office manager,receptionist,"
        "secretary,data entry,office assistant,admin,clerk,front desk",
}  # fmt: skip
_TITLE_WEIGHT = 12.0
_MOST = 4  # mentions of one word that count


@lru_cache(maxsize=1)
def _body_automaton() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    weights: dict[str, list[tuple[str, float]]] = {}
    for domain, words in _VOCABULARY.items():
        for weight, part in zip((1.0, 3.0), words.split("+"), strict=True):
            for word in part.split(","):
                weights.setdefault(word, []).append((domain, weight))
    for word, votes in weights.items():
        automaton.add_word(word, (word, tuple((d, w / len(votes)) for d, w in votes)))
    automaton.make_automaton()
    return automaton


@lru_cache(maxsize=1)
def _title_words() -> tuple[tuple[str, str], ...]:
    pairs = [(word, domain) for domain, words in _TITLES.items() for word in words.split(",")]
    return tuple(sorted(pairs, key=lambda p: -len(p[0])))


def find_domains(low: str, title: str | None) -> tuple[str, str | None]:
    """Primary and secondary domain of a text in lower case and its title; `Other` if nothing tells.

    The title's longest domain word weighs as much as a dozen words of the text. A secondary domain has at
    least half of the primary's weight and three words of its own.
    """
    scores: dict[str, float] = defaultdict(float)
    if title:
        padded = f" {title.lower()} ".replace("/", " ").replace(",", " ").replace("-", " ")
        for word, domain in _title_words():
            at = padded.find(f" {word.replace('-', ' ')} ")
            if at < 0:
                at = padded.find(f" {word.replace('-', ' ')}s ")
            if at >= 0:
                scores[domain] += _TITLE_WEIGHT * (1 + len(word) / 40)
                break
    seen: Counter[str] = Counter()
    for end, (word, votes) in _body_automaton().iter(low):
        start = end - len(word) + 1
        if (start and low[start - 1].isalnum()) or (
            end + 1 < len(low) and low[end + 1].isalpha() and low[end + 1] != "s"
        ):
            continue
        seen[word] += 1
        if seen[word] <= _MOST:
            for domain, weight in votes:
                scores[domain] += weight / seen[word]
    ranked = sorted(scores.items(), key=lambda s: -s[1])[:2]
    if not ranked or ranked[0][1] < 2.0:
        return OTHER, None
    second = ranked[1] if len(ranked) > 1 else None
    return ranked[0][0], second[0] if second and second[1] >= max(3.0, ranked[0][1] / 2) else None

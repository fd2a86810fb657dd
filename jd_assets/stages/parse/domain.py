"""The domain of the work, in the names that the role library uses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache

import ahocorasick

OTHER = "Other"

ALIASES: dict[str, tuple[str, ...]] = {
    "Software Engineering": ("Software Development", "Application Development"),
    "Data & AI": ("Data Science", "Artificial Intelligence", "Analytics"),
    "Cloud & Infrastructure": ("DevOps", "IT Infrastructure"),
    "Security": ("Cybersecurity", "Information Security"),
    "Quality Assurance": ("Software Testing", "QA"),
    "Hardware & Electronics": ("Electronics", "Embedded Systems"),
    "Enterprise Applications": ("ERP", "CRM"),
    "Product & Design": ("Product Management", "UX"),
    "Project & Business Analysis": ("Project Management", "Business Analysis"),
    "Sales": ("Business Development",),
    "Marketing & Communications": ("Marketing", "Communications"),
    "Finance & Accounting": ("Finance", "Accounting"),
    "Human Resources": ("HR", "People"),
    "Operations & Supply Chain": ("Operations", "Supply Chain", "Logistics"),
    "Engineering & Manufacturing": ("Engineering", "Manufacturing"),
    "Healthcare & Life Sciences": ("Healthcare", "Life Sciences"),
    "Education & Public Service": ("Education", "Public Sector"),
    "Legal & Compliance": ("Legal", "Compliance"),
    "Customer Success & Support": ("Customer Support", "Customer Service"),
    "Hospitality & Services": ("Hospitality",),
    "Administration": ("Office Administration",),
}
"""Other names that a domain goes by."""

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
        "front-end,backend,back end,web,mobile,android,ios,java,python,php,.net,react,angular,node,"
        "wordpress,game,blockchain,engineering manager,developer,golang,react native,vue,scala,rust,"
        "ruby,rails,kotlin,c++,c#,asp.net,flutter,swift,reactjs,nodejs,node.js,vue.js,javascript,"
        "typescript,fullstack,mern,mean,drupal,magento,laravel,django,unity,vr,ar/vr,xr,mainframe,"
        "cobol,microservices,api,middleware,sde,embedded,embedded software,firmware,edge runtime,"
        "software architect,applications engineer,web3,solutions engineer,technical lead,tech lead,"
        "elasticsearch,mobile app",
    "Data & AI":
        "mis,bi developer,ml engineer,ml platform,software engineer machine learning,business objects,"
        "machine learning software,"
        "data,machine learning,ml,ai,bi,analytics,artificial intelligence,nlp,computer vision,"
        "statistician,genai,generative ai,business intelligence,mlops,etl,spark,snowflake,hadoop,"
        "databricks,informatica,kafka,power bi,tableau,llm,deep learning,data entry operator,"
        "quantitative,data scientist,data engineer,data analyst,prompt,vision engineer,speech,"
        "applied scientist,analytics engineer,data architect,research scientist",
    "Cloud & Infrastructure":
        "service desk,it director,it services,it head,it executive,it support engineer,"
        "devops,cloud,network,system administrator,systems administrator,sre,infrastructure,"
        "database administrator,dba,it support,linux,help desk,platform engineer,desktop support,"
        "it manager,cloud architect,cloud solutions architect,aws,azure,solutions architect aws,"
        "network engineer,networking,network design,site reliability,reliability engineer,release,"
        "build engineer,unix,windows,wintel,noc,virtualization,oracle dba,sql server,database,"
        "postgresql,mongodb,systems engineer,data center,data centre,system admin,it administrator,"
        "it infrastructure,desktop,it technician,network administrator,cloud engineer,devops engineer,"
        "kubernetes",
    "Security":
        "security engineer,security analyst,cyber,cybersecurity,infosec,penetration,"
        "information security,soc,soc analyst,security operations,penetration tester,pentester,vapt,"
        "grc,threat,vulnerability,appsec,iam,firewall,security architect,ethical hacker,forensics,"
        "security consultant,application security,information security analyst",
    "Quality Assurance":
        "qa,test,tester,testing,sdet,quality assurance,quality analyst,test engineer,"
        "automation tester,selenium,qa automation,manual tester,software test,validation engineer,"
        "test lead",
    "Hardware & Electronics":
        "hardware,vlsi,fpga,electronics,embedded hardware,iot,robotics,rf,asic,pcb,physical design,"
        "design verification,electronics design,board design,analog,rtl,silicon,ros,verification,"
        "electronic",
    "Enterprise Applications":
        "process automation,robotic process automation,force.com,power platform,crm,"
        "salesforce,sap,oracle,servicenow,erp,dynamics,rpa,workday,crm developer,sap fico,abap,"
        "sap consultant,d365,sfdc,odoo,netsuite,fusion,techno functional,functional consultant,"
        "salesforce developer,salesforce administrator",
    "Product & Design":
        "product manager,product owner,product analyst,ux,ui,graphic,product designer,motion,"
        "visual designer,technical writer,product management,manager product,ui/ux,ux/ui,illustrator,"
        "animator,graphic designer,usability,3d,visual,user experience,digital designer,interaction,"
        "design lead,creative designer,game designer,information architect,motion graphics,"
        "product marketing manager technical",
    "Project & Business Analysis":
        "project,program manager,business analyst,scrum,management consultant,strategy,pmo,"
        "project manager,programme manager,project coordinator,requirements,change manager,agile,"
        "delivery manager,business systems analyst,bsa,project engineer manager,transformation,"
        "programme,consultant strategy",
    "Sales":
        "bdm,bde,business developer,"
        "sales,business development,account executive,account manager,pre-sales,presales,real estate,"
        "territory,telecaller,bde,off-plan,pre sales,inside sales,field sales,channel,leasing,"
        "telesales,lead generation,key account,relationship manager sales,sales engineer,"
        "insurance advisor,medical representative,showroom,promoter,realtor,account development",
    "Marketing & Communications":
        "content writer,content manager,content strategist,marketing,seo,social media,content,copywriter,"
        "brand,communications,public relations,media,"
        "editor,journalist,marketer,photographer,videographer,writer,pr,ppc,sem,influencer,"
        "email marketing,events marketing,creator,producer,reporter,news,anchor,campaign,"
        "performance marketing,growth,digital marketing,event,events,translator",
    "Finance & Accounting":
        "portfolio,hedge,broker,financial engineer,"
        "finance,financial,account,accountant,accounts,accounting,audit,auditor,tax,credit,equity,"
        "treasury,valuation,risk analyst,bank,payroll accountant,investment,actuary,accounts payable,"
        "accounts receivable,payable,receivable,cfo,banking,banker,relationship manager,loan,mortgage,"
        "insurance,underwriter,underwriting,actuarial,fund,wealth,fp&a,controller,bookkeeper,teller,"
        "cost,costing,revenue accountant,billing,collections executive,private equity,m&a,"
        "fraud analyst,taxation,gst,ca,chartered",
    "Human Resources":
        "human resources,human resource,hr,talent,recruiter,recruitment,employee relations,"
        "people operations,people partner,hrbp,payroll,people,rewards,compensation,benefits,"
        "hr business partner,sourcer,learning and development,l&d,talent acquisition,workforce,"
        "employee engagement,organizational development,culture",
    "Operations & Supply Chain":
        "supply chain,logistics,procurement,warehouse,purchase,operations manager,operations,"
        "inventory,buyer,fulfillment,forklift,driver lmv,bus driver,truck driver,delivery driver,"
        "truck,driver,picker,packer,loader,stock,stores,store keeper,storekeeper,shipping,freight,"
        "import,export,customs,distribution,dispatch,dispatcher,material,materials,demand planner,"
        "planner,sourcing,purchasing,fleet,scm,facilities,warehouse operative,transport",
    "Engineering & Manufacturing":
        "plumber,carpenter,painter,petrochemical,geomatics,mining,marine,railway,process safety,"
        "mechanical,civil,electrical,manufacturing,production,design engineer,maintenance,"
        "construction,process engineer,quality engineer,plant,automotive,aerospace,chemical,"
        "industrial,electrician,welder,site engineer,structural,architect,hse,ehs,safety,"
        "health and safety,safety officer,fire and safety,mep,hvac,piping,town planner,town planning,"
        "planning officer,urban,quality inspector,qa/qc,cnc,vmc,machinist,mechanic,diesel,fitter,"
        "turner,tool,instrumentation,plc,bim,surveyor,quantity surveyor,draftsman,"
        "cad,interior,interior designer,facade,solar,energy,water,wastewater,environmental,"
        "geotechnical,architectural,landscape,aircraft,bridge,foreman,technician,operator,"
        "supervisor production,metallurgist,welding,machine,equipment,lathe,tuner",
    "Healthcare & Life Sciences":
        "nurse,nursing,medical,clinical,pharmacist,physician,doctor,therapist,health,pharma,dental,rn,"
        "caregiver,biostatistician,laboratory,veterinary,surgeon,physiotherapist,psychologist,"
        "counsellor,counselor,coder,medical coder,lab,biologist,chemist,microbiologist,bioinformatics,"
        "protein,pharmacovigilance,drug,regulatory affairs,research associate,postdoctoral,patient,"
        "healthcare,hospital,dentist,dietitian,nutritionist,paramedic,phlebotomist,radiographer,"
        "sonographer,biotech,clinical research,optometrist,ward,midwife,care",
    "Education & Public Service":
        "researcher,research officer,economics,sociologist,town clerk,"
        "teacher,professor,lecturer,tutor,instructor,faculty,curator,curatorial,librarian,museum,"
        "education,academic,school,social worker,archivist,registrar,principal,trainer,teaching,"
        "policy,collections,conservator,exhibitions,fundraising,grants,explainer,pgt,tgt,prt,"
        "headteacher,dean,educator,economist,police,constable,firefighter,welfare,ngo,community,grant,"
        "government,adjunct,guide,gallery,instructional,curriculum,library,programme officer,"
        "early years,nursery,ranger",
    "Legal & Compliance":
        "legal,lawyer,attorney,counsel,compliance,paralegal,contract manager,company secretary,"
        "solicitor,barrister,litigation,contracts,aml,regulatory,notary,patent,intellectual property,"
        "law clerk",
    "Customer Success & Support":
        "csm,support engineer,customer relationship,deployment specialist,"
        "customer support,customer service,customer success,customer care,customer experience,"
        "technical support,call center,chat support,customer,support executive,call centre,"
        "contact centre,contact center,bpo,voice process,technical support engineer,cx,onboarding,"
        "support specialist,support analyst,helpdesk executive",
    "Hospitality & Services":
        "front office executive,tree surgeon,arborist,coach,store lead,waitress,lifeguard,"
        "chef,cook,hotel,restaurant,housekeeping,waiter,barista,bartender,guest,event,driver,fitness,"
        "security guard,food,beverage,front office,cleaner,salon,travel,housekeeper,partie,commis,"
        "kitchen,sous,pastry,baker,butcher,crew,cabin crew,flight attendant,steward,concierge,gym,"
        "yoga,security officer,guard,watchman,gardener,beautician,hairdresser,holiday,ticketing,visa,"
        "f&b,store manager,store associate,shop,retail,cashier,mystery shopper",
    "Administration":
        "general manager,program assistant,founder's office,"
        "administrative,administrator assistant,executive assistant,office manager,receptionist,"
        "secretary,data entry,office assistant,admin,clerk,front desk,ceo,coo,cto,founder,"
        "managing director,administration,typist,personal assistant,executive director,"
        "back office",
}  # fmt: skip
# Title words that give way to any other: they go with many domains.
_WEAK = frozenset(
    """architect operations developer embedded technician operator media content health driver design engineer
    equipment tool machine cost growth change release customer retail shop care community energy water people
    patient event events supervisor planner cto ceo coo founder writer producer account research associate
    strategy migration automation engineer billing verification lab safety controller api data security
    administration network international culture api windows database programmer researcher broker mis
    coach portfolio javascript web""".split()
)
_HEAD = re.compile(r" - |,|\(|\|| at ")
_MARK = re.compile(r"[/,()&-]")
_AFTER = re.compile(r"s? ")
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
def _title_automaton() -> ahocorasick.Automaton:
    pairs = [(word, domain) for domain, words in _TITLES.items() for word in words.split(",")]
    pairs = [(word.replace("-", " ").replace("/", " "), domain) for word, domain in pairs]
    pairs.sort(key=lambda p: (-p[0].count(" "), p[0] in _WEAK, -len(p[0])))
    automaton = ahocorasick.Automaton()
    for rank, (word, domain) in enumerate(pairs):
        if word not in automaton:
            automaton.add_word(word, (rank, len(word), domain))
    automaton.make_automaton()
    return automaton


@lru_cache(maxsize=4096)
def _settled(title: str) -> str | None:
    """The domain of a title's most telling words: phrases before words, long before short."""
    padded = f" {_MARK.sub(' ', title.lower())} "
    best: tuple[int, str] | None = None
    for end, (rank, width, domain) in _title_automaton().iter(padded):
        at = end - width + 1
        if padded[at - 1] == " " and _AFTER.match(padded, end + 1) and (best is None or rank < best[0]):
            best = rank, domain
    return best[1] if best else None


def find_domains(low: str, title: str | None) -> tuple[str, str | None]:
    """Primary and secondary domain of a text in lower case and its title; `Other` if nothing tells.

    The title's most telling domain word weighs as much as a dozen words of the text. A secondary domain
    has at least half of the primary's weight and three words of its own.
    """
    scores: dict[str, float] = defaultdict(float)
    if title:
        settled = _settled(_HEAD.split(title, 1)[0]) or _settled(title)
        if settled:
            scores[settled] += _TITLE_WEIGHT
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

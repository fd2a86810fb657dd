"""Verbs that open a duty in a posting, with their forms."""

from __future__ import annotations

from typing import Literal

Form = Literal["base", "gerund", "third"]

_VERBS = """bake chase climb count do paint photograph precept put read stitch sweep tidy weld
accelerate accept access accomplish account achieve acquire act adapt add address adhere adjust
administer adopt advance advertise advise advocate aid align allocate amend analyse analyze answer
anticipate apply appraise approach approve architect arrange articulate assemble assess assign assist
assume assure attain attend attract audit augment author automate balance bill book brainstorm brief
bring broaden budget build bridge calculate calibrate call canvass capture care carry catalogue
champion check clarify clean clear close coach code collaborate collate collect come command
communicate compare compile complete comply compose compute conceive conceptualise conceptualize
conduct confer configure conserve consolidate construct consult contact contribute control convert
convey cook coordinate co-ordinate cooperate co-create co-lead counsel craft create cultivate curate
cut debug decide define delegate deliver demonstrate deploy derive design designate detect determine
develop devise diagnose digitize direct discover discuss dispatch dispense display dispose disseminate
distribute document draft draw drive edit educate effectuate elevate elicit embed empower enable
encourage enforce engage engineer enhance enlarge enlist ensure enter enrich escalate escort establish
estimate evaluate evangelize examine exchange execute exercise exhibit expand expedite experiment
explain explore extend extract facilitate file finalise finalize find fine-tune fix follow forecast
forge form formulate foster frame fulfil fulfill fund further gain gather generate give govern greet
grow guard guide handle harness help hire hold host hunt identify ideate illustrate implement import
improve incorporate increase incubate influence inform initiate innovate inspect inspire install
institute instruct integrate interact interface interpret interview introduce inventory investigate
issue keep launch lead lease leverage liaise lift link listen load locate log maintain make manage
manufacture map market maximise maximize measure meet mend mentor merge migrate mine minimise minimize
mitigate mix mobilise mobilize model moderate modernise modernize modify monitor motivate move
navigate negotiate network nominate nurture observe obtain offer onboard open operate optimise
optimize orchestrate order organise organize orient originate outline overhaul oversee own pack
package participate partner perform permit pick pilot pioneer pitch place plan post practice practise
prepare prescribe present preserve prevent price print prioritise prioritize process procure produce
profile program project promote proofread propose prospect protect prototype prove provide provision
publish pull purchase pursue push qualify query raise reach receive recommend reconcile record recruit
redesign reduce refactor refer refine reinforce release relocate remain remediate render renew repair
replace replenish reply report represent request research resolve respond restock restore restructure
retain retrieve review revise rotate route run safeguard sample scale schedule scout screen scrutinize
secure seek select sell send serve service set setup shape share ship show simplify simulate sketch
solicit solve sort source spearhead specify spot staff standardise standardize start stay steer stock
store strategise strategize streamline strengthen structure study submit suggest summarise summarize
supervise supply support surface survey sustain synthesise synthesize synchronise synchronize tabulate
tackle tailor take talk target teach tend test think track trade train transact transcribe transfer
transform translate transport travel treat triage troubleshoot tune tutor uncover undertake understand
unify unload update upgrade uphold upload use utilise utilize validate value verify visit visualise
visualize volunteer weigh welcome win work write""".split()

_MANUAL = """bag mop wash dust vacuum wipe fold iron rinse scrub polish unpack wrap slice fry grill plate mow
rake prune plow plough shovel patch dig haul hoist drill bolt grind sand spray lubricate fuel tow
patrol arrest testify dictate bathe feed dress reposition sterilize sterilise sanitize disinfect
inject suture chart immunize vaccinate lecture proctor catalog accession deaccession digitise mount
narrate empty insure sign blend certify adjudicate litigate preside fundraise groom walk breed milk
harvest fertilize irrigate excavate solder wire rewire plaster tile lay pour erect dismantle
disassemble crate uncrate label lock unlock""".split()
_DOUBLED = frozenset(
    "plan run set get map ship spot cut log debug program refer submit control transfer travel "
    "label model cancel "
    "counsel scan permit win bid pin tap equip begin put troll bag mop wrap dig".split()
)
AMBIGUOUS = frozenset(
    """account address advance aid answer approach audit balance bill book bridge brief budget
    call care check clean clear close code command contact control cook count craft cut deal design display
    document draft drive engineer exercise experiment file find fix form forecast frame function fund
    further grade guide help host import increase influence inventory interface interview issue lead
    lease lift link list load log market measure mentor mine mix model network offer open order
    package partner pilot pitch place plan post practice present price print process produce profile
    program project prototype purchase query raise recruit release report request research review
    route run sample scale schedule scout screen secure service set setup shape share ship show sketch
    sort source spot staff start stock store structure study supply support surface survey target test
    track trade train transfer transport travel treat value visit volunteer welcome work
        bag mop dust vacuum fold iron polish wrap fry grill plate rake plow plough shovel patch haul
    drill bolt sand     spray fuel tow patrol arrest dress chart lecture proctor catalog mount empty
    sign blend walk breed milk     harvest wire plaster tile crate label feed lock unlock""".split()
)
"""Of the base forms, those that are also nouns or adjectives: "Design tools", "Support experience"."""


def _gerunds(verb: str) -> list[str]:
    if verb.endswith("ie"):
        return [verb[:-2] + "ying"]
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "be")):
        return [verb[:-1] + "ing"]
    plain = [verb + "ing"]
    return [*plain, verb + verb[-1] + "ing"] if verb in _DOUBLED else plain


def _third(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def _forms() -> dict[str, Form]:
    forms: dict[str, Form] = {}
    verbs = [*_VERBS, *_MANUAL]
    for verb in verbs:
        forms[_third(verb)] = "third"
    for verb in verbs:
        for gerund in _gerunds(verb):
            forms[gerund] = "gerund"
    for verb in verbs:
        forms[verb] = "base"
    return forms


MANUAL = frozenset(_MANUAL)
"""Verbs of trades, wards and yards: nouns as well, so that they open no sentence behind a lost full stop."""

FORMS: dict[str, Form] = _forms()
"""Every form, in lower case, of the verbs that open a duty."""

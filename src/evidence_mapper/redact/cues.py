"""Words beside which a name stands, and what they say of the person."""

from __future__ import annotations

import re
from typing import Final


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text between its spaces."""
    return frozenset(words.split())


TITLES: Final = word_set(
    "mr mrs ms miss mx dr doctor prof professor rev revd reverend "
    "father fr sir lady dame lord imam rabbi cllr "
    "councillor canon pastor pc dc ds sgt dci pcso hh judge "
    "messrs master madam mme monsieur hajji haji pandit "
    "granthi bhai shri smt barr senhor senhora señor señora sra srta signor signora parch"
)
SOFT_TITLES: Final = word_set(
    "sister nurse matron sr mama papa pa baba umm abu nana nain "
    "taid tita tito tia tio ayeeyo abuela uncle auntie "
    "aunty aunt nan nanna nanny gran granny grandma grandad "
    "grandpa grandfather grandmother cousin mum dad mam bro "
    "auntie-ji detective inspector insp sergeant constable "
    "paramedic chief col colonel major maj capt captain lt "
    "big little old young wee auld hon sheikh sheik pan pani dona "
    "don sitt deacon deaconess elder bishop rgn rmn ustad maulana swami bibi"
)
"""Titles that are words of other use too: they count with a capital, before what is no ordinary word."""
KIN: Final = {
    word: base
    for base, forms in {
        "daughter": "daughter daughters dtr dau d'ter stepdaughter step-daughter daughter-in-law",
        "son": "son sons stepson step-son son-in-law",
        "wife": "wife ex-wife exwife missus",
        "husband": "husband ex-husband hubby",
        "partner": "partner ex-partner fiance fiancé fiancee boyfriend girlfriend ex civil-partner",
        "mother": "mother mum mam mom stepmother stepmum mother-in-law mums",
        "father": "father dad stepfather stepdad father-in-law dads",
        "parent": "parent parents",
        "sister": "sister sisters sis stepsister half-sister sister-in-law",
        "brother": "brother brothers stepbrother half-brother brother-in-law twin",
        "granddaughter": "granddaughter grand-daughter granddaughters",
        "grandson": "grandson grand-son grandsons",
        "grandchild": "grandchild grandchildren",
        "grandmother": "grandmother gran granny nan nanna grandma",
        "grandfather": "grandfather grandad granddad grandpa",
        "aunt": "aunt auntie aunty",
        "uncle": "uncle",
        "niece": "niece nieces",
        "nephew": "nephew nephews",
        "cousin": "cousin cousins",
        "child": "child children kids baby",
        "neighbour": "neighbour neighbor neighbours",
        "friend": "friend friends mate",
        "carer": "carer",
    }.items()
    for word in forms.split()
}
"""Word of kinship or closeness, in lower case, to the role it gives."""

AFTER_NAME: Final = word_set("bey hanim hanım sahib saab ji begum bibi khanum ben bhai")
"""Words of respect that follow a name, with or without a capital."""

STAFF: Final = word_set(
    "worker sw ssw asw ot physio physiotherapist nurse dn cpn amhp manager officer advocate imca imha "
    "assessor coordinator co-ordinator supervisor practitioner therapist consultant psychiatrist "
    "psychologist gp doctor surgeon registrar matron sister pharmacist chiropodist podiatrist "
    "dietitian dietician paramedic teacher headteacher head tutor senco solicitor warden caretaker "
    "keyworker key-worker pa navigator prescriber reviewer auditor moderator chair author "
    "administrator receptionist director lead lso hca bia dwo rpr clerk support dietician slt salt hv "
    "midwife optician dentist cleaner driver landlord accountant deputy appointee commissioner broker "
    "cco sco aop duty locum trainee student apprentice technician engineer handyman councillor"
)
"""Last word of a worker's job, in lower case."""

_FORM: Final = (
    r"name|full name|first name|surname|forename|given name|family "
    r"name|known as|preferred name|maiden name|person|client|service user|citizen|resident|"
    r"patient|customer|tenant|"
    r"adult|adult at risk|worker|social worker|allocated worker|"
    r"allocated to|assessor|assessed by|completed by|written by|author|recorded by|entered "
    r"by|typed by|signed|signature|"
    r"sign(?:ed)? off|authorised by|approved by|reviewed by|"
    r"auditor|audited by|moderator|moderated by|case holder|caseholder|practitioner|team "
    r"manager|manager|supervisor|nok|next of kin|"
    r"main carer|carer|carer's name|emergency contact|contact|"
    r"caller|referrer|referred by|from|to|cc|bcc|attendees|attended|present|apologies|chair|"
    r"minutes|gp|dr|consultant|"
    r"advocate|appointee|deputy|attorney|lpa|daughter|son|wife|"
    r"husband|partner|mother|father|sister|brother|parent|re|regarding|subject|for|speaker|"
    r"interviewer|interviewee|"
    r"seen|also present|alleged perpetrator|person alleged|pasr|"
    r"victim|witness|staff|keyworker|key worker|sw|ot|su|pt|who|initials|copy|copied to|"
    r"visit by|visited by"
)
LABEL: Final = re.compile(
    (
        rf"(?:^|[\n|;,(\[\t]|\. |  )[ \t*-]*(?:{_FORM})(?:'s)?(?: name| "
        rf"\(\w+\))?[ ]?(?::|\t|[ ]{{2,}}|[ ]?[-–—=][ ]|\|)[ \t]*$"
    ),
    re.IGNORECASE,
)
"""A form's label, as the end of what stands before a name."""
STAFF_LABEL: Final = re.compile(
    (
        r"worker|assess|complet|writ|author|record|enter|typed|sign|"
        r"authoris|approv|review|audit|moderat|holder|practition|manager|supervis|gp|dr|consult|"
        r"advocate|\bot\b|\bsw\b|staff|chair|key"
    ),
    re.IGNORECASE,
)
SPOKEN: Final = re.compile(
    r"(?:\b(?:called|named|name is|name was|name's|known as|likes "
    r"to be called|prefers|nee|née|aka|a\.k\.a\.?|spoke (?:to|with)|spoken (?:to|with)|"
    r"speaking (?:to|with)|talked (?:to|with)|"
    r"rang|rung|phoned|telephoned|texted|emailed|e-mailed|"
    r"t/?c (?:to|from|with|w)|tel ?call (?:to|from|with)|p/c (?:to|"
    r"from)|phone call (?:to|from|with)|call (?:to|from|with)|calls (?:to|from)|v/m (?:for|"
    r"from|to)|voicemail (?:for|from)|message (?:for|from|to)|"
    r"msg (?:for|from|to)|email (?:to|from)|e-mail (?:to|from)|"
    r"letter (?:to|from)|referral from|met(?: with)?|visited|h/?v (?:to|with)|home visit to|"
    r"saw|introduced(?: to)?|thanked|thank you|thanks|"
    r"dear|hi|hello|hiya|morning|afternoon|evening|regards,?|"
    r"wishes,?|sincerely,?|faithfully,?|cheers,?|love(?: from)?,?|best,?|many thanks,?|"
    r"seen by|completed by|written by|visited by|supported by|"
    r"accompanied by|signed(?: by)?|discussed with|d/w|liaised with|agreed with|introduced "
    r"by|cared for by|looked after by|"
    r"my name is|i am|i'm|this is|it's|it is|told|asked|informed|"
    r"advised|contacted|thinks that|says that|said that|by|with|w/?|employs?|employed|and|&|"
    r"for|from|to|that|because|when|if|but|of|where|as|re|until|while|about|than|"
    r"lives with|living with|married to|married|divorced from|"
    r"widow of|widower of|son of|daughter of|mother of|behalf of|alleged that|reports that|"
    r"reported that|states that|stated that|feels that|asked if|ask)"
    r"[:,]?|@)[ \t\n]{1,3}[\"'“‘(]?$",
    re.IGNORECASE,
)
"""What a name often follows, as the end of what stands before it."""
SIGNED: Final = re.compile(
    r"\b(?:recorded by|entered by|typed by|written by|completed by|authorised by|approved by|"
    r"signed(?: off)?(?: by)?|author|initials?|initialled(?: by)?|allocated to|"
    r"assigned to|handed (?:over )?to|worker|case ?holder)"
    r"[ ]?[:=-]?[ ]?$",
    re.IGNORECASE,
)
"""What the initials of whoever wrote or holds a record follow."""
CALLED: Final = re.compile(r"\b(?:called|named|known as|aka|calls (?:herself|himself)) $", re.IGNORECASE)
"""What only a name follows, however it is typed."""
STRONG: Final = re.compile(
    r"(?:\b(?:called|named|name is|name's|known as|nee|née|aka|"
    r"spoke (?:to|with|w)|spoken (?:to|with)|talked to|rang|"
    r"rung|ring|phoned|texted|emailed|t/?c (?:to|from|frm|with|w)|"
    r"p/c (?:to|from)|calls? (?:to|from)|v/m (?:for|from)|"
    r"(?:message|msg|email|letter|referral|ref) (?:for|from|frm)|"
    r"met|visited|seen|dear|hi|hello|hiya|hey|morning|"
    r"regards|cheers|thanks|ta|thx|love|told|asked|ask|d/w|fao|cc|i "
    r"am|i'm|im|its|it's|this is|worker|carer|from|frm|to)"
    r"[:,]?)[ \n]{1,2}$",
    re.IGNORECASE,
)
"""What a name follows even in a text typed without capitals."""
NAMED: Final = re.compile(
    (
        r"(?:\b(?:my|her|his|their|whose) name(?: is|'s| was)|\bknown "
        r"as|\blikes to be called|\bprefers to be called|\bnamed)[ :]{1,2}[\"'“‘]?$"
    ),
    re.IGNORECASE,
)
"""After these any word with a capital is a name, even a month."""
GROUP: Final = re.compile(
    r"^ (?:sisters|brothers|family|families|twins|siblings|"
    r"household|children|girls|boys|couple|case|file|paperwork|review|assessment|package|"
    r"visit)\b"
)
"""What follows a family's name."""
TOWN: Final = re.compile(
    r"\b(?:in|near|lives|live|lived|living|at|around|across|team|patch)[ ]$"
    r"|\b(?:team|hub|locality|area|district|patch|office|neighbourhood|ward|town|base)[ ]?[:|][ ]?$",
    re.IGNORECASE,
)
"""What stands before the name of a town."""
AREA: Final = re.compile(
    r"^ (?:(?:north|south|east|west|central) )?(?:neighbourhood|area|locality|team|teams|borough|council|"
    r"district|estate|market|town|village|side|hub|tower|"
    r"park|road|station|cllr|ward|constituency|region|office)\b"
)
"""What follows it."""
SUBJECT_LABEL: Final = re.compile(
    r"\b(?:person|client|service user|citizen|resident|patient|"
    r"customer|tenant|adult|adult at risk|relevant person|su|pt|"
    r"name|full name|re)(?: name)?\W*$",
    re.IGNORECASE,
)
"""A form's label before the name of the person whose record it is."""
WHERE: Final = re.compile(
    (
        r"\b(?:in|at|near|to|from|of|via|around|outside|towards|across|"
        r"on|the|off|over|for|a|an|live|lives|lived|like|likes|watch|watches|watching|uses|use|"
        r"bought|speaks|speak|spoke|born in)[ ][\"'“‘]?$"
    ),
    re.IGNORECASE,
)
"""What stands before the name of a town or a thing rather more than before a person's."""
SPEECH: Final = re.compile(
    r"^(?:[’']s\b| (?:said|says|told|tells|rang|rings|phoned|"
    r"called|reports|reported|feels|felt|thinks|thought|wants|"
    r"wanted|asked|asks|likes|agreed|agrees|attended|visited|"
    r"visits|wrote|replied|laughed|cried|wept|smiled|explained|"
    r"lives|came|went|knows|loves|hates|x+)\b)"
)
"""What only a person does: tells a name from the word it is too."""
ACTS: Final = re.compile(
    r"^ (?:(?:is|was|has been|seems|seemed|looks|looked|remains) "
    r"(?:very |quite |so |more |less |not |now |too |also )?"
    r"(?:worried|happy|unhappy|upset|keen|able|unable|aware|tearful|anxious|tired|frail|poorly|unwell|well|"
    r"cross|angry|pleased|content|settled|distressed|confused|alert|low|lonely|struggling|"
    r"living|staying|seen|visited|admitted|discharged)|"
    r"(?:attends|cries|sleeps|eats|ate|walks|walked|fell|falls|moved|refused|declined|presented|"
    r"appeared|became|remains|managed|manages|struggles|died|remembers|enjoys|needs|worries|nods|nodded))\b",
    re.IGNORECASE,
)
"""What is done or felt by a person; after a word that opens a sentence it tells a name."""
CHASES: Final = re.compile(
    r"^ to (?!(?:be|have|the|a|my|her|his|their|this|that|all|both|have|resolve|see|hear|do)\b)[a-z]{3,}\b"
)
"""What somebody is given to do, in a list of actions: "Mark to chase"."""
SAYS: Final = re.compile(
    r"^ (?:said|says|told|tells|rang|rings|phoned|asked|asks|agreed|agrees|feels|felt|thinks|thought|wants|"
    r"wanted|reports|reported|visited|replied|explained|came|texted|emailed)\b"
)
"""What nothing but a person does, a month or a shop included."""
SAID: Final = re.compile(
    r"^(?:[’']s)?[ ,]{1,2}(?:\(?\w{0,12}\)? ?)?(?:said|says|say|"
    r"told|tells|feels|felt|reports|reported|stated|states|rang|phoned|called|calls|asked|"
    r"asks|explained|explains|attended|lives|lived|was|is|has|had|"
    r"wants|wanted|agreed|agrees|thinks|thought|likes|loves|enjoys|"
    r"hates|does|did|does not|doesn't|didn't|can|cannot|can't|could|would|will|needs|went|"
    r"goes|came|comes|moved|presented|presents|"
    r"appeared|appears|became|remains|remained|denied|denies|"
    r"confirmed|confirms|advised|advises|requested|requests|declined|declines|refused|"
    r"refuses|visited|visits|manages|managed|struggles|uses|used|"
    r"takes|took|gets|got|makes|made|spoke|speaks|described|"
    r"describes|expressed|worries|worried|hopes|hoped|knows|knew|wept|cried|smiled|laughed|"
    r"died|passed|fell|fractured|broke|lost|sleeps|slept|eats|ate|"
    r"walks|walked|helps|helped|cares|cared|supports|supported|"
    r"works|worked|stays|stayed|remembers|understands|understood|mentioned|mentions|gave|"
    r"gives|kept|keeps|left|leaves|still|also|then|now|never|always|"
    r"seems|seemed|showed|shows|tried|tries|wrote|writes|and I|and her|and his)\b",
    re.IGNORECASE,
)
"""What follows a name that is the subject of a sentence."""
PARTICLES: Final = word_set(
    "de da do dos das del della di la le van der den von bin binti bint ibn al el ap ab ul ur uz st "
    "mc mac o san e y nic ni"
)
NO_INITIAL: Final = word_set(
    "vitamin plan band ward flat block section part hepatitis group type grade category option room "
    "unit level class schedule annex appendix bay wing pathway hep strep zone area table question q "
    "point team shift tier phase stage step size serial gate platform route"
)

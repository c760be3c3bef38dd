"""Numbers that states give to people and firms, off unless switched on (PLT-112).

Check digits come from python-stdnum. Where a number is digits only and its check would let one
ordinary number in ten through, a word must stand near it.
"""

from rapport.engines.redaction.entity import Entity
from rapport.engines.redaction.shapes import Check, checked, digits, shape

_EDGE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"


def _number(
    entity: str, description: str, pattern: str, check: Check, words: str | None = None
) -> Entity:
    return Entity(entity, description, shape(entity, pattern, check=check, words=words))


def _is_nric(number: str) -> bool:
    """Whether a Singapore identity number ends in its check letter."""
    letter, plain, last = number[0].upper(), number[1:8], number[-1].upper()
    total = sum(int(d) * w for d, w in zip(plain, (2, 7, 6, 5, 4, 3, 2), strict=True))
    table = "JZIHGFEDCBA" if letter in "ST" else "XWUTRQPNMLK"
    return table[(total + (4 if letter in "TG" else 0)) % 11] == last


def _always(_number: str) -> bool:
    return True


ENTITIES = (
    _number(
        "US_ITIN",
        "United States individual taxpayer numbers",
        rf"{_EDGE}9[0-9]{{2}}[ \-]?[5-9][0-9][ \-]?[0-9]{{4}}{_END}",
        checked("us.itin"),
        r"itin|taxpayer|tax id",
    ),
    _number(
        "US_EIN",
        "United States employer numbers",
        rf"{_EDGE}[0-9]{{2}}-[0-9]{{7}}{_END}",
        checked("us.ein"),
        r"ein|employer|federal tax|tax id",
    ),
    _number(
        "CA_SIN",
        "Canadian social insurance numbers",
        digits(9),
        checked("ca.sin"),
        r"sin|social insurance|nas",
    ),
    _number(
        "GB_NHS",
        "British health service numbers",
        digits(10),
        checked("gb.nhs"),
        r"nhs|health service",
    ),
    _number(
        "GB_NINO",
        "British national insurance numbers",
        rf"{_EDGE}(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-prtw-z][a-ceghj-nprtw-z]"
        rf"(?: ?[0-9]{{2}}){{3}} ?[a-d]{_END}",
        _always,
    ),
    _number(
        "GB_UTR",
        "British taxpayer references",
        digits(10),
        checked("gb.utr"),
        r"utr|taxpayer reference|tax reference",
    ),
    _number(
        "IE_PPS",
        "Irish public service numbers",
        rf"{_EDGE}[0-9]{{7}} ?[a-w][ahwt]?{_END}",
        checked("ie.pps"),
    ),
    _number(
        "ES_NIF",
        "Spanish identity numbers (DNI, NIF)",
        rf"{_EDGE}[0-9]{{8}}[ \-]?[a-z]{_END}",
        checked("es.dni"),
    ),
    _number(
        "ES_NIE",
        "Spanish numbers of foreign residents (NIE)",
        rf"{_EDGE}[xyz][ \-]?[0-9]{{7}}[ \-]?[a-z]{_END}",
        checked("es.nie"),
    ),
    _number(
        "ES_CIF",
        "Spanish numbers of firms (CIF)",
        rf"{_EDGE}[a-hjnp-suvw][ \-]?[0-9]{{7}}[ \-]?[0-9a-j]{_END}",
        checked("es.cif"),
    ),
    _number(
        "PT_NIF",
        "Portuguese taxpayer numbers",
        digits(9),
        checked("pt.nif"),
        r"nif|contribuinte|taxpayer|fiscal",
    ),
    _number(
        "FR_NIR",
        "French social security numbers",
        rf"{_EDGE}[1-478] ?[0-9]{{2}} ?[0-9]{{2}} ?(?:[0-9]{{2}}|2[ab]) ?[0-9]{{3}} ?[0-9]{{3}}"
        rf" ?[0-9]{{2}}{_END}",
        checked("fr.nir"),
    ),
    _number(
        "FR_SIRET",
        "French numbers of firms",
        digits("9,14"),
        checked("fr.siret", "fr.siren"),
        r"siret|siren",
    ),
    _number(
        "DE_TAX_ID",
        "German tax identification numbers",
        digits(11),
        checked("de.idnr"),
        r"steuer\w*|tax id|idnr|tin|identifikationsnummer",
    ),
    _number(
        "IT_FISCAL_CODE",
        "Italian fiscal codes",
        rf"{_EDGE}[a-z]{{6}}[0-9lmnp-v]{{2}}[a-ehlmprst][0-9lmnp-v]{{2}}[a-z][0-9lmnp-v]{{3}}"
        rf"[a-z]{_END}",
        checked("it.codicefiscale"),
    ),
    _number(
        "NL_BSN",
        "Dutch citizen service numbers",
        digits("8,9"),
        checked("nl.bsn"),
        r"bsn|burgerservice\w*|sofi\w*",
    ),
    _number(
        "BE_NATIONAL_NUMBER",
        "Belgian national numbers",
        digits(11),
        checked("be.nn"),
        r"rijksregister\w*|national number|registre national|nn|insz|niss",
    ),
    _number(
        "CH_AHV",
        "Swiss social security numbers",
        rf"{_EDGE}756(?:[ .]?[0-9]{{4}}){{2}}"
        rf"[ .]?[0-9]{{2}}{_END}",
        checked("ch.ssn"),
    ),
    _number(
        "AT_SVNR",
        "Austrian social insurance numbers",
        digits(10),
        checked("at.vnr"),
        r"svnr|sozialversicherung\w*|vnr",
    ),
    _number("PL_PESEL", "Polish national numbers", digits(11), checked("pl.pesel"), r"pesel"),
    _number(
        "SE_PERSONNUMMER",
        "Swedish personal numbers",
        rf"{_EDGE}(?:19|20)?[0-9]{{6}}[\-+][0-9]{{4}}{_END}",
        checked("se.personnummer"),
    ),
    _number(
        "NO_FODSELSNUMMER",
        "Norwegian birth numbers",
        digits(11),
        checked("no.fodselsnummer"),
        r"f(?:o|ø)dselsnummer|personnummer|fnr",
    ),
    _number(
        "DK_CPR",
        "Danish personal numbers",
        rf"{_EDGE}[0-9]{{6}}-[0-9]{{4}}{_END}",
        checked("dk.cpr"),
        r"cpr|personnummer",
    ),
    _number(
        "FI_HETU",
        "Finnish personal identity codes",
        rf"{_EDGE}[0-9]{{6}}[\-+a-fu-y][0-9]{{3}}[0-9a-y]{_END}",
        checked("fi.hetu"),
    ),
    _number(
        "IS_KENNITALA",
        "Icelandic identity numbers",
        rf"{_EDGE}[0-9]{{6}}-[0-9]{{4}}{_END}",
        checked("is_.kennitala"),
        r"kennitala|kt\.",
    ),
    _number(
        "CZ_RODNE_CISLO",
        "Czech and Slovak birth numbers",
        rf"{_EDGE}[0-9]{{6}}/[0-9]{{3,4}}{_END}",
        checked("cz.rc"),
    ),
    _number(
        "RO_CNP",
        "Romanian personal numbers",
        digits(13),
        checked("ro.cnp"),
        r"cnp|cod numeric personal",
    ),
    _number("BG_EGN", "Bulgarian personal numbers", digits(10), checked("bg.egn"), r"egn"),
    _number("HR_OIB", "Croatian personal numbers", digits(11), checked("hr.oib"), r"oib"),
    _number("SI_EMSO", "Slovenian personal numbers", digits(13), checked("si.emso"), r"emso"),
    _number("GR_AMKA", "Greek social security numbers", digits(11), checked("gr.amka"), r"amka"),
    _number(
        "LT_ASMENS",
        "Lithuanian personal codes",
        digits(11),
        checked("lt.asmens"),
        r"asmens kodas|personal code",
    ),
    _number(
        "EE_ISIKUKOOD",
        "Estonian personal codes",
        digits(11),
        checked("ee.ik"),
        r"isikukood|personal code",
    ),
    _number(
        "TR_TCKIMLIK",
        "Turkish identity numbers",
        digits(11),
        checked("tr.tckimlik"),
        r"kimlik|tckn|tc no",
    ),
    _number("RU_INN", "Russian taxpayer numbers", digits("10,12"), checked("ru.inn"), r"inn"),
    _number(
        "EU_VAT",
        "European value added tax numbers",
        rf"{_EDGE}(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO"
        rf"|SE|SI|SK) ?[0-9A-Z](?:[ .\-]?[0-9A-Z]){{6,12}}{_END}",
        checked("eu.vat"),
    ),
    _number(
        "BR_CPF",
        "Brazilian personal numbers",
        rf"{_EDGE}[0-9]{{3}}\.?[0-9]{{3}}\.?[0-9]{{3}}-?[0-9]{{2}}{_END}",
        checked("br.cpf"),
    ),
    _number(
        "BR_CNPJ",
        "Brazilian numbers of firms",
        rf"{_EDGE}[0-9]{{2}}\.?[0-9]{{3}}\.?[0-9]{{3}}/?[0-9]{{4}}-?[0-9]{{2}}{_END}",
        checked("br.cnpj"),
    ),
    _number(
        "AR_CUIT",
        "Argentine taxpayer numbers",
        rf"{_EDGE}[0-9]{{2}}-?[0-9]{{8}}-?[0-9]{_END}",
        checked("ar.cuit"),
    ),
    _number(
        "AR_DNI", "Argentine identity numbers", digits("7,8"), checked("ar.dni"), r"dni|documento"
    ),
    _number(
        "CL_RUT",
        "Chilean identity numbers",
        rf"{_EDGE}[0-9]{{1,2}}\.?[0-9]{{3}}\.?[0-9]{{3}}-[0-9k]{_END}",
        checked("cl.rut"),
    ),
    _number("CO_NIT", "Colombian taxpayer numbers", digits("8,16"), checked("co.nit"), r"nit|rut"),
    _number(
        "MX_CURP",
        "Mexican population registry codes",
        rf"{_EDGE}[a-z]{{4}}[0-9]{{6}}[hm][a-z]{{5}}[0-9a-z][0-9]{_END}",
        checked("mx.curp"),
    ),
    _number(
        "MX_RFC",
        "Mexican taxpayer codes",
        rf"{_EDGE}[a-z&]{{3,4}}[ \-]?[0-9]{{6}}[ \-]?[0-9a-z]{{3}}{_END}",
        checked("mx.rfc"),
    ),
    _number("PE_RUC", "Peruvian taxpayer numbers", digits(11), checked("pe.ruc"), r"ruc"),
    _number(
        "EC_CEDULA",
        "Ecuadorian identity numbers",
        digits(10),
        checked("ec.ci"),
        r"cedula|ci|identidad",
    ),
    _number(
        "DO_CEDULA",
        "Dominican identity numbers",
        digits(11),
        checked("do.cedula"),
        r"cedula|identidad",
    ),
    _number(
        "VE_RIF",
        "Venezuelan taxpayer numbers",
        rf"{_EDGE}[vejpg]-?[0-9]{{8}}-?[0-9]{_END}",
        checked("ve.rif"),
    ),
    _number(
        "IN_AADHAAR",
        "Indian identity numbers (Aadhaar)",
        digits(12),
        checked("in_.aadhaar"),
        r"aadhaa?r|uidai|uid",
    ),
    _number(
        "IN_PAN",
        "Indian taxpayer numbers (PAN)",
        rf"{_EDGE}[a-z]{{3}}[abcfghljpt][a-z]"
        rf"[0-9]{{4}}[a-z]{_END}",
        checked("in_.pan"),
    ),
    _number(
        "IN_GSTIN",
        "Indian goods and services tax numbers",
        rf"{_EDGE}[0-9]{{2}}[a-z]{{5}}[0-9]{{4}}[a-z][0-9a-z]z[0-9a-z]{_END}",
        checked("in_.gstin"),
    ),
    _number(
        "PK_CNIC",
        "Pakistani identity numbers",
        rf"{_EDGE}[0-9]{{5}}-[0-9]{{7}}-[0-9]{_END}",
        checked("pk.cnic"),
    ),
    _number(
        "CN_RIC", "Chinese identity numbers", rf"{_EDGE}[0-9]{{17}}[0-9x]{_END}", checked("cn.ric")
    ),
    _number(
        "JP_MY_NUMBER",
        "Japanese personal numbers",
        digits(12),
        checked("jp.in_"),
        r"my number|mynumber|individual number",
    ),
    _number(
        "KR_RRN",
        "Korean resident numbers",
        rf"{_EDGE}[0-9]{{6}}-?[0-9]{{7}}{_END}",
        checked("kr.rrn"),
    ),
    _number(
        "TH_PIN",
        "Thai identity numbers",
        digits(13),
        checked("th.pin"),
        r"thai|citizen|national id|identity|id card",
    ),
    _number(
        "MY_NRIC",
        "Malaysian identity numbers",
        rf"{_EDGE}[0-9]{{6}}-[0-9]{{2}}-[0-9]{{4}}{_END}",
        checked("my.nric"),
    ),
    _number(
        "SG_NRIC", "Singaporean identity numbers", rf"{_EDGE}[stfg][0-9]{{7}}[a-z]{_END}", _is_nric
    ),
    _number("ID_NIK", "Indonesian identity numbers", digits(16), checked("id.nik"), r"nik|ktp"),
    _number(
        "AU_TFN", "Australian tax file numbers", digits("8,9"), checked("au.tfn"), r"tfn|tax file"
    ),
    _number(
        "AU_ABN",
        "Australian business numbers",
        digits(11),
        checked("au.abn"),
        r"abn|business number",
    ),
    _number(
        "NZ_IRD", "New Zealand tax numbers", digits("8,9"), checked("nz.ird"), r"ird|inland revenue"
    ),
    _number(
        "ZA_ID",
        "South African identity numbers",
        digits(13),
        checked("za.idnr"),
        r"id|identity|rsa",
    ),
    _number(
        "IL_ID",
        "Israeli identity numbers",
        digits("8,9"),
        checked("il.idnr"),
        r"id|identity|teudat",
    ),
    _number(
        "EG_TAX_NUMBER",
        "Egyptian tax registration numbers",
        digits(9),
        checked("eg.tn"),
        r"tax|registration",
    ),
)

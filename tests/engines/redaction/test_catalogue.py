"""Every entity beyond the documented nine finds what it is for, and leaves look-alikes alone."""

import re

import pytest

from rapport.engines.redaction import CATALOGUE, DEFAULT_ACTIVE, Redactor

pytestmark = pytest.mark.unit

# entity: (a text with what must be hidden between « and », a text to be left alone)
EXAMPLES = {
    "CARD_EXPIRY": ("expires «12/27», thanks", "exp of 12/25/2027"),
    "CARD_TRACK_DATA": (
        "swipe «%B4111111111111111^DOE/JANE^27121010000000000?»",
        "%B is 12 of 100?",
    ),
    "IBAN": ("to GR16 please: «GR16 0110 1050 0000 1054 7023 795» today", "GR17 0110 1050 0000"),
    "BIC": ("swift «AGRIFRPP882»", "the CATEGORY is fine"),
    "BANK_ACCOUNT_NUMBER": ("my account number is «000123456789»", "my account is 12 years old"),
    "US_ROUTING_NUMBER": ("routing «111000025»", "order 111000025"),
    "UK_SORT_CODE": ("sort code «20-00-00»", "on 20-00-00"),
    "ES_BANK_ACCOUNT": ("a «1234-1234-16 1234567890»", "a 1234-1234-17 1234567890"),
    "MX_CLABE": ("clabe «032180000118359719»", "tracking 032180000118359718"),
    "AR_CBU": ("cbu «2850590940090418135201»", "ref 2850590940090418135202"),
    "NZ_BANK_ACCOUNT": ("pay «01-0242-0100194-00»", "pay 01-0242-0100195-00"),
    "CRYPTO_WALLET": (
        "send to «1NEDqZPvTWRaoho48qXuLLsrYomMXPABfD» or"
        " «0x52908400098527886E0F7030069857D2E4169EE7»",
        "hash 1NEDqZPvTWRaoho48qXuLLsrYomMXPABfE",
    ),
    "US_ITIN": ("itin «912-90-3456»", "itin later, order 912-10-3456"),
    "US_EIN": ("our EIN is «91-1144442»", "part 91-1144442"),
    "CA_SIN": ("my SIN is «123-456-782»", "order 123-456-782"),
    "GB_NHS": ("NHS number «943-476-5870»", "ref 943-476-5870"),
    "GB_NINO": ("ni «AB 12 34 56 C»", "seat AB 12"),
    "GB_UTR": ("utr «1955839661»", "order 1955839661"),
    "IE_PPS": ("pps «6433435F»", "part 6433435E"),
    "ES_NIF": ("mi DNI es «54362315-K»", "ref 54362315-Z"),
    "ES_NIE": ("nie «X-2482300W»", "nie X-2482300A"),
    "ES_CIF": ("cif «J99216582»", "cif J99216583"),
    "PT_NIF": ("NIF «501 964 843»", "order 501 964 843"),
    "FR_NIR": ("no «2 95 10 99 126 111 93»", "no 2 95 10 99 126 111 94"),
    "FR_SIRET": ("siret «73282932000074»", "order 73282932000074"),
    "DE_TAX_ID": ("Steuer-ID: «36 574 261 809»", "order 36 574 261 809"),
    "IT_FISCAL_CODE": ("cf «RCCMNL83S18D969H»", "cf RCCMNL83S18D969I"),
    "NL_BSN": ("bsn «111222333»", "order 111222333"),
    "BE_NATIONAL_NUMBER": ("rijksregisternummer «85 07 30 033 28»", "order 85 07 30 033 28"),
    "CH_AHV": ("ahv «756.9217.0769.85»", "order 756.9217.0769.86"),
    "AT_SVNR": ("svnr «1237 010180»", "order 1237 010180"),
    "PL_PESEL": ("pesel «44051401359»", "order 44051401359"),
    "SE_PERSONNUMMER": ("pnr «880320-0016»", "ref 880320-0017"),
    "NO_FODSELSNUMMER": ("fødselsnummer «151086 95088»", "order 151086 95088"),
    "DK_CPR": ("cpr «211062-5629»", "ref 211062-5629"),
    "FI_HETU": ("hetu «131052-308T»", "ref 131052-308U"),
    "IS_KENNITALA": ("kennitala «450401-3150»", "ref 450401-3150"),
    "CZ_RODNE_CISLO": ("rc «710319/2745»", "rc 710319/2746"),
    "RO_CNP": ("cnp «1630615123457»", "order 1630615123457"),
    "BG_EGN": ("egn «8032056031»", "order 8032056031"),
    "HR_OIB": ("oib «33392005961»", "order 33392005961"),
    "SI_EMSO": ("emso «0101006500006»", "order 0101006500006"),
    "GR_AMKA": ("amka «01013099997»", "order 01013099997"),
    "LT_ASMENS": ("asmens kodas «33309240064»", "order 33309240064"),
    "EE_ISIKUKOOD": ("isikukood «36805280109»", "order 36805280109"),
    "TR_TCKIMLIK": ("kimlik «17291716060»", "order 17291716060"),
    "RU_INN": ("inn «123456789047»", "order 123456789047"),
    "EU_VAT": ("vat «BE697449992»", "vat BE697449993"),
    "BR_CPF": ("cpf «390.533.447-05»", "cpf 390.533.447-06"),
    "BR_CNPJ": ("cnpj «16.727.230/0001-97»", "cnpj 16.727.230/0001-98"),
    "AR_CUIT": ("cuit «20-05536168-2»", "cuit 20-05536168-3"),
    "AR_DNI": ("mi DNI «20.123.456»", "pedido 20.123.456"),
    "CL_RUT": ("rut «76086428-5»", "rut 76086428-6"),
    "CO_NIT": ("nit «213.123.432-1»", "ref 213.123.432-1"),
    "MX_CURP": ("curp «BOXW310820HNERXN09»", "curp BOXW310820HNERXN08"),
    "MX_RFC": ("rfc «GODE 561231 GR8»", "rfc GODE 561331 GR8"),
    "PE_RUC": ("ruc «20512333797»", "order 20512333797"),
    "EC_CEDULA": ("cédula «171430710-3»", "order 171430710-3"),
    "DO_CEDULA": ("cédula «00113918205»", "order 00113918205"),
    "VE_RIF": ("rif «V-11470283-4»", "rif V-11470283-5"),
    "IN_AADHAAR": ("aadhaar «2341 2341 2346»", "order 2341 2341 2346"),
    "IN_PAN": ("pan «ACUPA7085R»", "pan ACUXA7085R"),
    "IN_GSTIN": ("gst «27AAPFU0939F1ZV»", "gst 27AAPFU0939F1ZX"),
    "PK_CNIC": ("cnic «34201-0891231-8»", "cnic 34201-0891231"),
    "CN_RIC": ("id «360426199101010071»", "id 360426199101010072"),
    "JP_MY_NUMBER": ("my number «6214 9832 0257»", "order 6214 9832 0257"),
    "KR_RRN": ("rrn «971013-9019902»", "rrn 971013-9019903"),
    "TH_PIN": ("thai id «1-2345-45678-78-1»", "order 1-2345-45678-78-1"),
    "MY_NRIC": ("nric «770305-02-1234»", "nric 771305-02-1234"),
    "SG_NRIC": ("nric «S1234567D»", "nric S1234567E"),
    "ID_NIK": ("nik «3171011708450001»", "order 3171011708450001"),
    "AU_TFN": ("tfn «123 456 782»", "order 123 456 782"),
    "AU_ABN": ("abn «83 914 571 673»", "order 83 914 571 673"),
    "NZ_IRD": ("ird «4909185-0»", "order 4909185-0"),
    "ZA_ID": ("my ID is «7503305044089»", "order 7503305044089"),
    "IL_ID": ("teudat «3933742-3»", "order 3933742-3"),
    "EG_TAX_NUMBER": ("tax registration «100-531-385»", "order 100-531-385"),
    "NAME": ("my name is «Jane O'Neil»", "the name is on the bag"),
    "ADDRESS": ("at «1600 Pennsylvania Avenue» now", "I have 3 bags on the way"),
    "ZIP": ("in Austin TX «78701-1234» ok", "flight 78701"),
    "GB_POSTCODE": ("at «SW1A 1AA»", "row SW 11"),
    "CA_POSTAL_CODE": ("at «K1A 0B1»", "seat K1 A0"),
    "AGE": ("I'm «42» years old", "I'm 42 minutes away"),
    "MAIDEN_NAME": ("her maiden name is «Watson»", "the maiden flight"),
    "USERNAME": ("username: «jane.doe99»", "my username is not"),
    "PASSPORT_NUMBER": ("passport number is «X1234567»", "my passport expires 2027"),
    "DRIVER_LICENSE": ("driver's license number «D1234-5678»", "my license expired"),
    "LICENSE_PLATE": ("license plate «7ABC123»", "a plate of food"),
    "VEHICLE_ID": ("vin «1HGCM82633A004352»", "vin 1HGCM82633A004353"),
    "MEDICARE_NUMBER": ("mbi «1EG4-TE5-MK73»", "mbi 0EG4-TE5-MK73"),
    "HEALTH_INSURANCE_ID": ("insurance id «XJB123456789»", "my insurance is fine"),
    "MEDICAL_RECORD_NUMBER": ("mrn «00123456»", "the medical record shows"),
    "US_NPI": ("npi «1234567893»", "npi 1234567890"),
    "US_DEA": ("dea «AB1234563»", "dea AB1234567"),
    "IP_ADDRESS": ("from «192.168.10.254» and «2001:db8::ff00:42:8329»", "at 10:45:30, v1.2.3"),
    "MAC_ADDRESS": ("mac «00:1A:2B:3C:4D:5E»", "at 00:1A:2B"),
    "IMEI": ("imei «35686800-004141-20»", "order 356868000041412"),
    "COORDINATES": ("at «40.7128, -74.0060»", "paid 40.71, 74.00"),
    "API_KEY": ("key «AKIAIOSFODNN7EXAMPLE» here", "AKIA is a prefix"),
    "PRIVATE_KEY": (
        "-----BEGIN PRIVATE KEY-----\n«MIIEvQIBADANBgkqhkiG9w0BAQEF»\n-----END PRIVATE KEY-----",
        "BEGIN PRIVATE TALK",
    ),
    "ONE_TIME_CODE": ("your verification code is «482-193»", "the dress code is 4821"),
    "LOYALTY_NUMBER": ("my SkyMiles number is «9207395154»", "I have 9207395154 miles"),
    "BOOKING_REFERENCE": ("confirmation number «GQ7KXM»", "the confirmation email"),
    "ORDER_NUMBER": ("order number «112-4567890-1234567»", "in order to fly"),
}  # fmt: skip
DOCUMENTED = {
    "CREDIT_CARD_NUMBER", "CVV", "PASSWORD", "PIN", "SSN", "EMAIL", "PHONE_NUMBER", "DOB",
    "PROFANITY",
}  # fmt: skip
SECRET = re.compile(r"«([^»]*)»")


def pattern(marked: str) -> str:
    """What a text of the table becomes: no letter or digit left between the marks."""
    pieces = SECRET.split(marked)
    hidden = [rf"[^0-9A-Za-z]{{{len(piece)}}}" for piece in pieces[1::2]]
    kept = [re.escape(piece) for piece in pieces[::2]]
    return kept[0] + "".join(gap + after for gap, after in zip(hidden, kept[1:], strict=True))


@pytest.mark.spec("PLT-112")
def test_the_catalogue_goes_beyond_fifty_entities() -> None:
    assert len(CATALOGUE) > 50
    assert CATALOGUE.keys() >= DOCUMENTED
    assert CATALOGUE.keys() == DOCUMENTED | EXAMPLES.keys()
    assert all(id == entity.id and entity.description for id, entity in CATALOGUE.items())
    assert DOCUMENTED >= DEFAULT_ACTIVE


@pytest.mark.parametrize("entity", EXAMPLES)
def test_an_entity_hides_what_it_is_for(entity: str) -> None:
    marked, _ = EXAMPLES[entity]
    redactor = Redactor(frozenset({entity}))

    redacted = redactor.redact(SECRET.sub(r"\1", marked)).text

    assert re.fullmatch(pattern(marked), redacted)
    assert redactor.redact(redacted).text == redacted


@pytest.mark.parametrize("entity", EXAMPLES)
def test_an_entity_leaves_look_alikes_alone(entity: str) -> None:
    _, ordinary = EXAMPLES[entity]

    assert Redactor(frozenset({entity})).redact(ordinary).text == ordinary

"""Secrets as people write them, planted in sentences of English and Spanish, from one seed."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

PLANTED_EACH = 1_000
KEPT = 4


@dataclass(frozen=True)
class Planted:
    """A message with one secret in it; `kept` trailing characters may stay readable."""

    kind: str
    before: str
    secret: str
    after: str
    kept: int = 0
    question: str = ""

    @property
    def text(self) -> str:
        return self.before + self.secret + self.after

    def survives(self, redacted: str) -> bool:
        """Whether a letter or digit of the secret that should be hidden can still be read."""
        inner = redacted[len(self.before) : len(redacted) - len(self.after)]
        if self.kind == "EMAIL":
            inner = inner.partition("@")[0]
        readable = [character for character in inner if character.isalnum()]
        return len(readable) > self.kept


class Planter:
    """Makes secrets as people write them, from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def all(self) -> Iterator[Planted]:
        for kind, (values, carriers, kept) in self._kinds().items():
            for _ in range(PLANTED_EACH):
                before, _, after = self._pick(carriers).partition("{}")
                secret = values()
                yield Planted(kind, before, secret, after, kept)
        for kind, (values, questions, kept) in self._answers().items():
            for _ in range(PLANTED_EACH):
                before, _, after = self._pick(REPLIES).partition("{}")
                yield Planted(kind, before, values(), after, kept, self._pick(questions))

    def _kinds(self) -> dict[str, tuple[Callable[[], str], Sequence[str], int]]:
        return {
            "CREDIT_CARD_NUMBER": (self.card, CARD_CARRIERS, KEPT),
            "SSN": (self.ssn, SSN_CARRIERS, KEPT),
            "CVV": (self.cvv, CVV_CARRIERS, 0),
            "PIN": (self.pin, PIN_CARRIERS, 0),
            "PASSWORD": (self.password, PASSWORD_CARRIERS, 0),
            "EMAIL": (self.email, EMAIL_CARRIERS, 0),
            "PHONE_NUMBER": (self.phone, PHONE_CARRIERS, 0),
            "DOB": (self.birth_date, DOB_CARRIERS, 0),
        }

    def _answers(self) -> dict[str, tuple[Callable[[], str], Sequence[str], int]]:
        return {
            "CREDIT_CARD_NUMBER": (self.card, CARD_QUESTIONS, KEPT),
            "SSN": (self.ssn, SSN_QUESTIONS, KEPT),
            "CVV": (self.cvv, CVV_QUESTIONS, 0),
            "PIN": (self.pin, PIN_QUESTIONS, 0),
            "PASSWORD": (self.password, PASSWORD_QUESTIONS, 0),
        }

    def _pick(self, choices: Sequence[str]) -> str:
        return self._random.choice(choices)

    def _digits(self, count: int) -> str:
        return "".join(self._random.choices("0123456789", k=count))

    def card(self) -> str:
        prefix, length, groups = self._random.choice(SCHEMES)
        body = prefix + self._digits(length - len(prefix) - 1)
        number = next(body + d for d in "0123456789" if luhn(body + d))
        return self._written(number, groups)

    def _written(self, number: str, groups: Sequence[int]) -> str:
        if self._random.random() < 0.3:
            return number
        if self._random.random() < 0.05:
            groups = [1] * len(number)
        separator = self._pick([" ", "-", " ", ".", " - ", "\u2013", "\u00a0"])
        pieces, start = [], 0
        for size in groups:
            pieces.append(number[start : start + size])
            start += size
        return self._maybe_other_digits(separator.join(pieces))

    def _maybe_other_digits(self, text: str) -> str:
        if self._random.random() > 0.04:
            return text
        zero = self._random.choice([0xFF10, 0x0660])
        return text.translate({48 + value: zero + value for value in range(10)})

    def ssn(self) -> str:
        area = self._random.choice([n for n in range(1, 900) if n != 666])
        number = f"{area:03}{self._random.randint(1, 99):02}{self._random.randint(1, 9999):04}"
        return self._written(number, (3, 2, 4))

    def cvv(self) -> str:
        return self._digits(self._random.choice([3, 3, 3, 4]))

    def pin(self) -> str:
        return self._digits(self._random.choice([4, 4, 4, 6]))

    def password(self) -> str:
        word = self._pick(["falcon", "Bluebird", "summer", "qwerty", "Mi-casa", "tr0ut", "Kestrel"])
        return word + self._pick(["", "!", "99", "2024!", "#7", "_x", "Zz1"])

    def email(self) -> str:
        name = self._pick(["ana", "j.smith", "tom_b", "maria-jose", "k9", "o'neil", "x+shop"])
        host = self._pick(["example.com", "mail.example.org", "shop.co.uk", "empresa.com.mx"])
        return f"{name}{self._digits(2)}@{host}"

    def phone(self) -> str:
        area, exchange, line = (self._pick(AREAS), f"2{self._digits(2)}", self._digits(4))
        return self._pick(
            [
                f"{area}-{exchange}-{line}",
                f"({area}) {exchange}-{line}",
                f"{area}.{exchange}.{line}",
                f"+1 {area} {exchange} {line}",
                f"1-{area}-{exchange}-{line}",
                f"{area}{exchange}{line}",
                f"+34 6{self._digits(2)} {self._digits(3)} {self._digits(3)}",
                f"+44 20 7946 0{self._digits(3)}",
            ]
        )

    def birth_date(self) -> str:
        year, month, day = (
            self._random.randint(1935, 2008),
            self._random.randint(1, len(MONTHS)),
            self._random.randint(1, 28),
        )
        return self._pick(
            [
                f"{month:02}/{day:02}/{year}",
                f"{day}.{month}.{year}",
                f"{year}-{month:02}-{day:02}",
                f"{MONTHS[month - 1]} {day}, {year}",
                f"{day} {MONTHS[month - 1]} {year}",
                f"{day} de {MESES[month - 1]} de {year}",
                f"{month}/{day}/{year % 100:02}",
            ]
        )


def luhn(number: str) -> bool:
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


FOURS = (4, 4, 4, 4)
SCHEMES = [
    ("4", 16, FOURS),
    ("4", 16, FOURS),
    ("53", 16, FOURS),
    ("2511", 16, FOURS),
    ("34", 15, (4, 6, 5)),
    ("37", 15, (4, 6, 5)),
    ("6011", 16, FOURS),
    ("65", 16, FOURS),
    ("38", 14, (4, 6, 4)),
    ("3566", 16, FOURS),
    ("62", 16, FOURS),
    ("6761", 16, FOURS),
    ("2203", 16, FOURS),
]
MONTHS = ["January", "February", "March", "April", "May", "June"]
MESES = ["enero", "febrero", "marzo", "abril", "mayo", "junio"]
AREAS = ["212", "305", "415", "512", "617", "702", "808", "916"]

CARD_CARRIERS = [
    "{}",
    "Please charge {} instead of the old one",
    "I tried paying with {} but it keeps failing",
    "here you go: {}",
    "the number on my visa is {}, it expires next year",
    "can you check whether {} was billed twice?",
    "mi tarjeta es {} y quiero pagar ya",
    "Mastercard {} 09/28",
    '{"pan":"{}","name":"Ana"}',
    "I booked flight 1403 on 12/03 with {} and was charged $340",
    "ok so the card i used was {} and it was declined twice",
    "Payment failed for {}!!!",
    "cc: {}",
    "pls use this {} and let me know",
    "CARD NO. {}",
    "I have two cards, {} is the one with the problem",
    "Hola, quiero pagar con {} por favor",
    "number: {} name: J Doe exp: 03/29",
    "Charged twice on {} – refund one",
    "My Amex/visa is {} thx",
    "are you seeing {} on your side?",
    "tarjeta terminada... bueno es {}",
    "<b>{}</b>",
    "*{}*",
    "card={}&exp=0929",
    "i want to update my payment method to {}",
    "the last payment came from {} on monday",
    "Numero: {}",
    "Customer says card is {} and will call back",
    "ACCT {} EXP 01/30",
    "did you get it? {}",
    "{}",
    "old card {}; new one is coming",
    "my wife's visa, {}, not mine",
    "no funciona la tarjeta {}",
]
SSN_CARRIERS = [
    "my social security number is {}",
    "SSN: {}",
    "ssn {} thanks",
    "My social is {}. What else do you need?",
    "You asked for the SSN, so: {}",
    "el número de seguro social es {}",
    "{} is my social security number",
    "I have my social security card here. The number on it reads {}",
    "soc sec number {}",
    "ssn number is {} and dob is 1/1/80",
    "Social: {}",
    "SS# {}",
    "here's my social, {}",
    "to verify: SSN={}",
    "Sure thing! My social security no. is {}. Anything else?",
    "mi seguro social: {}",
    "my SSN (the full one) is {}",
    "{} (ssn)",
    "my ssn's {}",
    "full social please? ok {}",
    "social sec. {}",
    "the social security number on file should be {}",
    "wife's ssn {}",
    "for the tax form my SSN is {}",
    "su seguro social es {}, correcto?",
    "I was told to give my social security number here it goes {}",
]
CVV_CARRIERS = [
    "the cvv is {}",
    "cvv {}",
    "CVC: {}",
    "security code {}",
    "the three digits on the back are {}",
    "{} is the cvv",
    "exp 09/28, cvv2 {}",
    "el código de seguridad es {}",
    "and its security code would be {}",
    "cvv number is {} thank you",
    "CVV/CVC {}",
    "cvv- {}",
    "3 digit code {}",
    "the code at the back of my card is {}",
    "and the cvv would be {} i think",
    "sec code {}",
    "security code on the card: {}",
    "its cvc is {}",
    "{} cvv",
    "cvv of my card is {}",
    "cvv code {}",
    "CVV2={}",
    "csc is {}",
    "y el cvv {}",
    "cvv number {}",
    "my cvv2 is {}",
    "and the 3 numbers on the back {}",
    "the security code is {} and it expires soon",
    "CVC {} zip 10001",
    "verification code on the card is {}",
    "CVV is: {}",
    "back of card code {}",
    "my card's cvv: {}",
    "cvv? {}",
]
PIN_CARRIERS = [
    "my pin is {}",
    "PIN {}",
    "pin: {}",
    "I set the PIN to {} last week",
    "the pin code for the account is {}",
    "it is not taking my pin number {}",
    "mi pin es {}",
    "{} is my pin",
    "PIN number: {}, please reset it",
    "pin is {} I think",
    "PIN no: {}",
    "my 4 digit pin is {}",
    "the debit card pin {}",
    "pin # {}",
    "i typed pin {} but no luck",
    "pin code = {}",
    "my atm pin is {}",
    "el pin es {}",
    "your temporary PIN is {}",
    "Pin: {}.",
    "voicemail pin {}",
    "use PIN {} to log in",
    "PIN number is {} ok",
    "is my pin still {}",
    "change my pin to {}",
    "pin -> {}",
    "reset pin from {} please",
    "the pin that I use is {}",
    "mi numero de pin es {}",
    "card pin {}",
    "4-digit pin: {}",
    "my pin used to be {}",
]
PASSWORD_CARRIERS = [
    "my password is {}",
    "password: {}",
    "Password = {}",
    "the password is {} but it says wrong",
    "I changed my password to {} yesterday",
    "mi contraseña es {}",
    "pwd: {} user: ana",
    "my login password was {}, can you reset it?",
    "pass word is {}",
    "PASSWORD - {}",
    "my pw is {}",
    "user: ana pass: {}",
    "login ana / password {}",
    "i keep typing {} as my password",
    "the wifi password is {}",
    "temporary password: {}",
    "my old password was {} and the new one too",
    "contraseña: {}",
    "la clave es {}",
    "it says wrong password but i put {}",
    "Password→ {}",
    "password='{}'",
    "password is set to {}",
    "my passwords are {} for both",
    "Password (case sensitive): {}",
    "username ana, password {}",
    "tried password {} many times",
    "pwd={}",
    "clave: {}",
    "pass code {}",
    "new password {} does not work",
    "the password you gave me, {}, fails",
]
EMAIL_CARRIERS = [
    "write me at {}",
    "my email is {}.",
    "{}",
    "send it to {} please",
    "mi correo es {}, gracias",
    "e-mail: {}",
    "contact {} or call",
    "<{}>",
    "mailto:{}",
    "it's {}, all lowercase",
    "Email is {} and my order is 12345",
    "to {};",
    "({})",
    "{} is my email",
    "reach me: {}",
    "cc {} too",
    "login {}",
]
PHONE_CARRIERS = [
    "call me at {}",
    "my cell is {}",
    "you can reach me on {} after 5pm",
    "{} is the best number",
    "phone: {}",
    "mi teléfono es {}",
    "ph: {}",
    "my number's {}",
    "text {} when ready",
    "tel. {}",
    "mobile {}",
    "It is {}",
    "WhatsApp {}",
    "home phone {}",
    "{}",
    "cell {} ok?",
    "my phone is {} ext 5",
    "fax {}",
    "numero {}",
]
DOB_CARRIERS = [
    "my date of birth is {}",
    "DOB {}",
    "dob: {} and my name is Ana",
    "I was born on {}",
    "born {}",
    "mi fecha de nacimiento es {}",
    "nací el {}",
    "birthdate: {}",
    "my birthday is {}",
    "D.O.B. {}",
    "i was born {}",
    "fecha de nac: {}",
    "dob is {} for the passenger",
    "passenger born on {}",
    "cumpleaños {}",
    "born in Texas on {}",
    "date of birth ({})",
    "patient dob {}",
    "nacido el {}",
    "birth date - {}",
]
REPLIES = ["{}", "it's {}", "sure, {}", "{} thanks", "ok it is {}", "yes: {}", "sí, es {}"]
CARD_QUESTIONS = [
    "Can I have the card number, please?",
    "What is the number of the credit card?",
    "¿Me da el número de su tarjeta?",
    "Please read me your credit card number.",
]
SSN_QUESTIONS = [
    "What is your social security number?",
    "Please confirm your SSN",
    "¿Cuál es su número de seguro social?",
]
CVV_QUESTIONS = [
    "And the security code?",
    "Could you give me the 3 digits on the back?",
    "cvv please",
    "¿Y el código de seguridad?",
]
PIN_QUESTIONS = [
    "4 digit pin?",
    "Please enter your PIN",
    "What's your pin number?",
    "¿Cuál es su PIN?",
]
PASSWORD_QUESTIONS = [
    "What is your password?",
    "Please tell me the password you use",
    "¿Cuál es su contraseña?",
]

"""Slips that say what was meant by themselves, where a search by letters would not be sure.

Contractions without their apostrophe and words run together: some of them are words of their own,
but hardly ever the ones an agent means. Chat's own shorthand ("pls", "thx") is no slip.
"""

from __future__ import annotations

ENGLISH = {
    "i": "I", "im": "I'm", "ive": "I've", "cant": "can't", "wont": "won't", "dont": "don't",
    "didnt": "didn't", "doesnt": "doesn't", "isnt": "isn't", "wasnt": "wasn't", "arent": "aren't",
    "werent": "weren't", "havent": "haven't", "hasnt": "hasn't", "hadnt": "hadn't",
    "couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't", "youre": "you're",
    "youve": "you've", "youll": "you'll", "theyre": "they're", "theyve": "they've",
    "theyll": "they'll", "weve": "we've", "thats": "that's", "whats": "what's",
    "wheres": "where's", "theres": "there's", "heres": "here's", "itll": "it'll",
    "alot": "a lot", "noone": "no one", "infact": "in fact", "aswell": "as well",
    "eachother": "each other", "incase": "in case", "atleast": "at least",
    "thankyou": "thank you", "inspite": "in spite", "ofcourse": "of course", "abit": "a bit",
    "everytime": "every time", "upto": "up to", "ect": "etc", "wether": "whether", "payed": "paid",
}  # fmt: skip

SPANISH = {
    "porfavor": "por favor", "aver": "a ver", "osea": "o sea",
    "talvez": "tal vez", "atraves": "a través", "enserio": "en serio", "sinembargo": "sin embargo",
    "deacuerdo": "de acuerdo", "apartir": "a partir", "sobretodo": "sobre todo",
    "haci": "así", "asi": "así", "tambien": "también", "despues": "después", "ademas": "además",
    "aqui": "aquí", "ahi": "ahí", "alli": "allí", "dia": "día", "dias": "días", "estan": "están",
    "facil": "fácil", "telefono": "teléfono", "pagina": "página",
    "informacion": "información", "atencion": "atención", "ningun": "ningún", "algun": "algún",
}  # fmt: skip

SLIPS = {"en": ENGLISH, "es": SPANISH}

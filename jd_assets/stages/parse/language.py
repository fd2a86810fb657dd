"""The language of a text, by its script or by the small words that every sentence needs."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("ja", "\u3040-\u30ff"), ("zh", "\u4e00-\u9fff"), ("ko", "\uac00-\ud7af"), ("ru", "\u0400-\u04ff"),
    ("el", "\u0370-\u03ff"), ("he", "\u0590-\u05ff"),
    ("ar", "\u0600-\u06ff"), ("hi", "\u0900-\u097f"), ("bn", "\u0980-\u09ff"), ("pa", "\u0a00-\u0a7f"),
    ("gu", "\u0a80-\u0aff"), ("ta", "\u0b80-\u0bff"),
    ("te", "\u0c00-\u0c7f"), ("kn", "\u0c80-\u0cff"), ("ml", "\u0d00-\u0d7f"), ("th", "\u0e00-\u0e7f"),
    ("ka", "\u10a0-\u10ff"), ("hy", "\u0530-\u058f"),
)  # fmt: skip
_ANY_SCRIPT = re.compile(f"[{''.join(letters for _, letters in _SCRIPTS)}]")
_SCRIPT_RULES = tuple((code, re.compile(f"[{letters}]")) for code, letters in _SCRIPTS)
# Words that are frequent in one of these languages and rare in the others.
_SMALL: dict[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in (
        (
            "en",
            "the and of to in with for is are you will our we be as on at this that or your have an from by",
        ),
        (
            "de",
            "und der die das mit f\u00fcr von zu ist wir sie ein eine im den auf als oder werden unsere "
            "deine ihre bei dich du sich des",
        ),
        (
            "fr",
            "et les des pour dans vous nous une est avec sur votre notre du aux ou au en le la par sont de",
        ),
        (
            "es",
            "y el los las para con una del que por es en nuestro su experiencia como nuestra al tu se "
            "lo un de la",
        ),
        (
            "pt",
            "e os para com uma do da no na que n\u00e3o em por nossa seu voc\u00ea dos das ao "
            "como um de experi\u00eancia",
        ),
        (
            "it",
            "e il di per con una del che gli nel sono alla della dei la nostro nostra tuo un in da si al",
        ),
        ("nl", "en het een van voor met je wij zijn op te ons bij aan jij als dat onze ben jouw de in"),
        ("pl", "i w na z do oraz dla si\u0119 jest nie o od za po przez jako praca"),
        ("sv", "och att som med f\u00f6r du vi en ett p\u00e5 av till i \u00e4r den det din har"),
        ("tr", "ve bir i\u00e7in ile olarak bu da de olan veya en"),
        ("id", "dan yang untuk dengan di dari pada ini dalam atau adalah akan kami anda"),
    )
}
_ORDER = tuple(_SMALL)
_LANGUAGES_OF = {w: tuple(c for c in _ORDER if w in _SMALL[c]) for w in frozenset().union(*_SMALL.values())}
_LONGEST = 30  # letters; a longer run is as many words as it holds of them
_WORD = re.compile(rf"[^\W\d_]{{1,{_LONGEST}}}")
_FOREIGN_LETTER = re.compile(r"[^\x00-\x7f](?<=[^\W\d_])")
_NO_LETTERS = str.maketrans({c: " " for c in map(chr, range(128)) if not c.isalpha()})
_READ = 4000  # characters that are enough to tell


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language that most of a text is in; None if nothing tells.

    A script that holds 30 % of the letters settles it. Among Latin-script languages the one whose small
    words make up the largest share wins, from 12 % of the words and twice the share of English ones.
    """
    part = text[:_READ]
    words = _words(part)
    if not words:
        return None
    if not part.isascii() and _ANY_SCRIPT.search(part):
        letters = sum(map(len, words))
        for code, rule in _SCRIPT_RULES:
            if len(rule.findall(part)) >= 0.3 * letters:
                return code
    counts = dict.fromkeys(_ORDER, 0)
    for word, times in Counter(filter(_LANGUAGES_OF.__contains__, words)).items():
        for code in _LANGUAGES_OF[word]:
            counts[code] += times
    shares = {code: counts[code] / len(words) for code in _ORDER}
    best = max(shares, key=lambda code: (shares[code], code == "en"))
    if shares[best] < 0.12 or shares[best] <= shares["en"] * 2:
        return "en" if shares["en"] >= 0.02 or (part.isascii() and len(words) > 2) else None
    return best


def _words(part: str) -> list[str]:
    """Its runs of letters, in lower case."""
    if not part.isascii():
        if _FOREIGN_LETTER.search(part):
            return _WORD.findall(part.lower())
        part = part.encode("ascii", "replace").decode("ascii")  # bullets, dashes and quotes are no letters
    words = part.lower().translate(_NO_LETTERS).split()
    return _WORD.findall(part.lower()) if len(max(words, key=len, default="")) > _LONGEST else words

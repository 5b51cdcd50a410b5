"""English nouns and titles that mean a person or a group of them, as the news uses them."""

from __future__ import annotations

_MALE = frozenset(
    "man boy father son brother husband uncle nephew grandfather grandson stepfather stepson"
    " boyfriend king prince lord duke monk priest gentleman widower groom fiancé".split()
)
_FEMALE = frozenset(
    "woman girl mother daughter sister wife aunt niece grandmother granddaughter stepmother"
    " stepdaughter girlfriend queen princess lady duchess nun actress waitress widow bride"
    " mother-of-two mother-of-three midwife fiancée".split()
)
_PERSONS = frozenset(
    "adviser advisor ambassador anyone applicant archbishop architect assistant astronaut athlete"
    " attacker author baby banker batsman billionaire bishop bomber boss bowler burglar buyer"
    " candidate captain captive carer celebrity chairman champion chancellor chef chief child"
    " citizen cleric client climber coach colleague colonel comedian commander commissioner"
    " composer contestant cook cop councillor counsel cousin critic customer cyclist dancer dealer"
    " defender deputy designer detective developer director diver doctor driver editor employee"
    " engineer envoy executive expert explorer fan farmer fighter firefighter founder friend"
    " fugitive gardener goalkeeper golfer governor graduate guard guest gunman hero historian"
    " hostage hunter immigrant infant inmate inspector intern investigator investor islander"
    " jockey judge juror kid killer lawmaker lawyer leader lecturer lieutenant magistrate manager"
    " mayor mechanic medic member merchant midfielder migrant millionaire miner minister monk"
    " motorist murderer musician neighbor neighbour newcomer nominee nurse officer official"
    " operator opponent organiser owner painter paramedic parent partner passenger passer-by"
    " pastor pathologist patient pensioner performer person photographer physician pilot player"
    " playwright plumber poet politician pope predecessor presenter president prisoner producer"
    " professor programmer prosecutor protester psychiatrist psychologist pupil rabbi rapist"
    " rapper reader rebel referee refugee reporter researcher resident rider rival robber runner"
    " sailor scholar scientist secretary senator sergeant sheriff singer skater skier skipper"
    " smuggler soldier solicitor somebody someone speaker spy stranger striker student successor"
    " surgeon survivor suspect swimmer teacher teenager thief toddler tourist trader trainee"
    " trainer traveller treasurer tutor veteran victim villager visitor volunteer voter waiter"
    " warden whistleblower winger winner witness worker writer youngster".split()
)
_PERSON_ENDS = ("ist", "ician", "man", "woman", "person", "year-old", "keeper", "holder", "maker")
_NO_PERSONS = frozenset("list mist fist twist assist consist exist resist human roman".split())
PLURALS = frozenset("people police men women children twins".split())
GROUPS = frozenset(
    "staff crew couple family team pair public company firm council government club board bank"
    " party union court army group agency ministry band school university charity airline airport"
    " hospital department side".split()
)
TITLES = {
    "Mr": "he",
    "Sir": "he",
    "King": "he",
    "Prince": "he",
    "Lord": "he",
    "Mrs": "she",
    "Ms": "she",
    "Miss": "she",
    "Dame": "she",
    "Lady": "she",
    "Queen": "she",
    "Princess": "she",
}
RANKS = frozenset(
    "Dr Prof Professor President Minister Chancellor Ambassador Senator Sen Rep Governor Gov Mayor"
    " Judge Justice Bishop Archbishop Pope Captain Capt Colonel Col General Gen Sergeant Sgt"
    " Lieutenant Lt Major Maj Admiral Adm Inspector Detective Constable Secretary Coach"
    " Chief".split()
)


def gender_of(word: str) -> str | None:
    """For a noun that means a person "he", "she" or "", which may be either; else None."""
    word = word.lower()
    if word in _MALE:
        return "he"
    if word in _FEMALE or word.endswith("woman"):
        return "she"
    if word in _PERSONS or (word.endswith(_PERSON_ENDS) and word not in _NO_PERSONS):
        return ""
    return None

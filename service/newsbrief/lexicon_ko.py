"""Korean numerals: figures with 만 and 억, native and Sino-Korean words, dates and units."""

from __future__ import annotations

from decimal import Decimal

from newsbrief.lexicon import Lexicon, units

# Behind a figure; those of SMALL are multiplied into the section that a GREAT one closes:
# 3천500만 is (3 * 1000 + 500) * 10,000.
SMALL = {"십": Decimal(10), "백": Decimal(100), "천": Decimal(1000)}
GREAT = {"만": Decimal(10**4), "억": Decimal(10**8), "조": Decimal(10**12)}

TENS = {
    "열": 10, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80,
    "아흔": 90,
}  # fmt: skip
DETERMINERS = {  # before a noun or a counter
    "두": 2, "세": 3, "석": 3, "네": 4, "넉": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8,
    "아홉": 9,
}  # fmt: skip
COUNTERS = (
    "명|사람|개|번|차례|살|달|시|배|곳|건|팀|가지|나라|척|대|마리|장|채|시간|골|경기|주|해|자녀|아들|딸|"
    "형제|자매|정상|도시|국가|후보|아이|여성|남성|선수|정당|회사|업체|기관|그루|송이|잔|병|권|편|쌍|줄|층|"
    "방|발|벌|군데|쪽|곡|자리|마을|지역|부문|단계|갑절|분기|세트|집|가구|가족|학교|게임|돌|달러|원"
)
SINO = {digit: value for value, digit in enumerate("일이삼사오육칠팔구", 1)}

SPANS_OF_DAYS = {
    "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9,
    "열흘": 10, "보름": 15,
}  # fmt: skip
HINTS = {
    "0": "영 무득점", "0 12 24": "자정", "12": "정오",
    "0.5 50 2": "반 절반", "0.5 6": "반년", "0.5 30": "반시간", "50": "반세기", "25": "사반세기",
    "0.25 25 4 3": "분기",
    "1": "첫 한 하나 최초 처음 유일 매일 상반기", "1 24": "하루",
    "2": "둘 둘째 양국 양측 양사 양당 양팀 양손 양쪽 양자 양대 쌍 갑절 배 부부 이중 더블 듀오 듀엣 "
    "하반기 재선 연임",
    "2 3": "두세", "3 4": "서너", "4 5": "네댓", "5 6": "대여섯", "6 7": "예닐곱",
    "3": "셋 셋째 삼자 삼각 삼중 트리오 해트트릭", "4": "넷 넷째 사중주 콰르텟",
    "5": "다섯째 오중주", "6": "여섯째", "7": "일주일",
    "2 4": "준결승", "4 8": "준준결승", "100": "세기",
}  # fmt: skip
WEEKDAYS = "월화수목금토일"
_UNITS = {
    "percent": "퍼센트|%|프로!",
    "percentage point": "퍼센트포인트|퍼센트 포인트|%포인트|% 포인트|%p",
    "dollar": "달러|불!",
    "euro": "유로",
    "pound": "파운드",
    "yen": "엔",
    "won": "원",
    "yuan": "위안",
    "rouble": "루블",
    "hryvnia": "흐리우냐|흐리브냐|그리브나",
    "kilometre": "킬로미터|km|㎞",
    "mile": "마일",
    "nautical mile": "해리",
    "metre": "미터|m!|세제곱미터|㎥",
    "square metre": "제곱미터|평방미터|㎡",
    "square kilometre": "제곱킬로미터|제곱㎞|제곱km|평방킬로미터|㎢",
    "centimetre": "센티미터|센티|cm|㎝",
    "millimetre": "밀리미터|mm|㎜",
    "foot": "피트",
    "inch": "인치",
    "yard": "야드",
    "kilogram": "킬로그램|kg|㎏",
    "gram": "그램|g!",
    "ton": "톤|t!",
    "ounce": "온스",
    "acre": "에이커",
    "hectare": "헥타르|ha!",
    "litre": "리터|ℓ",
    "gallon": "갤런",
    "barrel": "배럴",
    "fahrenheit": "°f!|℉",
    "hour": "시간",
    "minute": "분",
    "day": "일",
    "week": "주간|주일",
    "month": "개월",
    "year": "년|살|세!|세의|세에|세로|세인|세 이",
    "century": "세기",
}

LEXICON = Lexicon(units=units(_UNITS))

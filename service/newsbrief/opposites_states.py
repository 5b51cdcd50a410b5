"""Closed lists of what something is and its opposite: profit and loss, north and south."""

STATES = {
    "result": """
    en: profit+ profits profitable | earnings gain+ income surplus
     // loss losses loss-making | lose loses lost losing fall falls fell deficit
    ko: 이익 순이익 당기순이익 영업이익 흑자 재정흑자 무역흑자 순익 수익 | 벌 이윤
     // 손실 순손실 당기순손실 영업손실 적자 재정적자 무역적자 | 손해 잃 감소 하락
    ru: прибыль прибыли$ прибылей прибылям прибылях профицит | доход заработ
     // убыт дефицит | потер недоп паден
    uk: прибут профіцит | дохід заробі
     // збит дефіцит | втра ~ прибутт прибути
    """,
    "balance": """
    en: surplus surpluses | excess glut profit
     // deficit deficits shortage shortages shortfall | lack gap loss losses
    ko: 흑자 재정흑자 무역흑자 잉여 | 과잉 남
     // 적자 재정적자 무역적자 부족 | 결손 모자
    ru: профицит излиш избыт | прибыл
     // дефицит нехват недостат | не хвата убыт разрыв
    uk: профіцит надлиш | прибут
     // дефіцит нестач брак | не вистач збит розрив
    """,
    "majority": """
    en: majority majorities | most
     // minority minorities | fewer
    ko: 다수 과반 | 대부분 대다수
     // 소수 | 일부
    ru: большинств | бол
     // меньшинств | мен
    uk: більшіст більшост | біль
     // меншіст меншин меншост | мен
    """,
    "law": """
    en: legal legally lawful lawfully | law court legit
     // illegal illegally unlawful unlawfully | undocumented irregular ban banned
    ko: 합법 적법 | 법적 법률
     // 불법 위법 | 밀
    ru: законн легаль | право юрид закон
     // незаконн нелегаль противозакон | неправом
    uk: законн легаль | право юрид закон
     // незаконн нелегаль протизакон | неправом
    """,
    "sign": """
    en: positive positively | optimistic plus
     // negative negatively | minus
    ko: 양성 긍정 | 낙관 플러스
     // 음성 부정 | 비관 마이너스 ~ 음성사서 음성메 음성_메 음성_인식
    ru: положит позитив | оптим плюс
     // отрицат негатив | минус ~ положить положитс
    uk: позитив | оптим додат плюс
     // негатив | від'єм мінус
    """,
    "marriage": """
    en: marry marries married marrying marriage marriages wed weds wedding | husband wife
     // divorce+ | split+ separate+
    ko: 결혼 혼인 | 부부 부인 남편 아내
     // 이혼 | 갈라 헤어
    ru: женат жени$ женил замуж брак$ брака$ браке$ свадь свадеб поженил | муж жен венч
     // развод развел развёл разведен | расст
    uk: одруж шлюб весіл заміж | чолов дружин
     // розлуч | розій розір
    """,
    "advance": """
    en: advance advances advanced advancing | move+ push+ forward attack+ offensive progress
     // retreat+ | withdraw withdrew pull+ back fall fell
    ko: 진격 전진 진군 | 나아 진출
     // 후퇴 퇴각 | 물러 철수
    ru: продвиг продвин наступ | наступлен вперед вперёд
     // отступ | отош отвод отвел отход
    uk: просува просуну наступ | вперед
     // відступ | відій відв ~ наступн
    """,
    "tightness": """
    en: tighten+ toughen+ | strict stricter tough tougher strengthen+ hike+ raise+ harden+
     // loosen+ relax+ ease eases eased easing soften+ | lift+ drop+ lower+ cut slow+
    ko: 강화 조이 긴축 옥죄 | 엄격 높 강경
     // 완화 | 풀 느슨 해제 낮 둔화 덜 ~ 조이스
    ru: ужесточ | усил жестк строг повы
     // смягч ослаб | облегч сня сниз сним замед
    uk: посил жорсткіш | суворі жорстк підв
     // пом'якш послаб | полег зня зниз ~ посила посилк посилок
    """,
    "height": """
    en: above higher highest exceed+ | over high more up top most upstream
     // below lower lowest | under beneath low less down least fall downstream
    ko: 웃도 웃돌 _상회 초과 더_높 최고 | 높 위 이상 많 넘 상승
     // 밑도 밑돌 하회 미만 더_낮 최저 | 낮 아래 이하 적 하락 밑 못 하원 ~ 최저임금 최고경영 최고령
        최고재무 최고법원 최고위 최고인민 최고지도 최고_지도 최고재판
    ru: выше$ наивысш самый_высок самого_высок самая_высок | высок свыше над больш бол превы верх
     // ниже$ наименьш самый_низк самая_низк самого_низк | низк низш под мен нижн сниз
    uk: вище$ найвищ | висок понад над біль перевищ верх
     // нижче$ найнижч | низьк під мен нижн зниж
    """,
    "order": """
    en: first | early earlier initial begin began start+ one new top once
     // last final | latest past end late recent ago previous
    ko: 첫 최초 처음 | 1 초 제일
     // 마지막 최후 최종 | 지난 작 막판 끝 전 ~ 이후_처음 만에_처음 후_처음
    ru: первы перва перво первую первой | начал 1 сперва впервые
     // последн | прошл финал конец конца$ конце$ итог
    uk: перши перша першо першу перше | поча 1 вперше спершу
     // останн | минул мину фінал кінец кінц підсум
    """,
    "compass": """
    en: north northern northwards northeast northeastern northwest northwestern | nordic pyongyang
     // south southern southwards southeast southeastern southwest southwestern | seoul
     // east eastern eastwards northeast northeastern southeast southeastern |
     // west western westwards northwest northwestern southwest southwestern |
    ko: 북부 북쪽 북한 북측 북동 동북 북서 서북 북아 북미 북극 | 북 노스 노던
     // 남부 남쪽 남측 남동 동남 남서 서남 남아 남미 | 남 사우스 서던 한국
     // 동부 동쪽 동유럽 북동 동북 남동 동남 동아시아 | 동 이스트 이스턴
     // _서부 중서부 서쪽 서방 서유럽 북서 서북 남서 서남 | 서 웨스트 웨스턴 양 ~ 노동부 남동생
        남아_ 남아있 남아야
    ru: север | норд
     // юг$ юга$ юге$ югу$ югом$ южн юго | юж саут
     // восто | ист
     // запад | вест уэст
    uk: північ північн північно | норд
     // півдн південн південь південно | півде саут
     // схід$ сходу$ сході$ сходом$ східн | сход схід іст
     // західн заході$ заходу$ захід$ | вест захід захо
    """,
    "day": """
    en: morning mornings | dawn early a am breakfast day overnight sunrise
     // evening evenings night nights tonight | overnight late pm p afternoon dusk midnight dinner
    ko: 아침 오전 | 새벽 일찍 하루
     // 저녁 밤 | 오후 야간 심야 늦 새벽 자정
    ru: утр | ноч рассвет полдн
     // вечер | ноч полноч позд закат пополудни ~ утрат утрач утрои вечерин
    uk: ранк вранці зранку уранці | ніч ночі вноч уноч ранок ран світан
     // вечор вечір увечері ввечері ніч ночі вноч уноч | пізн північ захід нічн ~ вечірк вечірок
        вечірц
    """,
    "sex": """
    en: man men boy boys husband husbands father fathers brother brothers son sons male males |
        king kings mr prince he his him gentleman guy guys
     // woman women girl girls wife wives mother mothers sister sisters daughter daughters female
        females | queen queens mrs ms princess she her lady ladies
    ko: 남성 남자 소년 남편 아버지 부친 형제 남동생 남학생 아들 | 형 오빠 남 부자 왕 그는 부 사내
     // 여성 여자 소녀 _아내 어머니 모친 자매 여동생 여학생 딸 여군 | 누나 언니 여 부인 모 엄마 ~
        받아들
    ru: мужчин мальчик муж$ мужа$ мужу$ мужем$ отец$ отца$ отцу$ отцом$ сын$ сына$ сыну$ сыновей
        сыном$ брат$ брата$ брату$ братом$ братья братьев юнош | муж отц сын брат парен парн папа
     // женщин девоч девуш жена$ жены$ жене$ жену$ женой$ мать$ матери$ матерью доч сестр сестер
        сестёр | жен мат деви мама маме супруг тет
    uk: чоловік хлопч хлопец хлопці батько батька батьку син$ сина$ сину$ сином$ синів брат$ брата$
        брату$ братом$ | чолов хлоп бать син брат тато юнак пан
     // жінк жінок жіноч дівч дружина$ дружини$ дружині$ дружину$ дружиною$ мати$ матері$ матір доч
        сестр сестер | жін дів мат мама друж пані дон ~ дочека
    """,
    "generation": """
    en: parent parents | mother mothers father fathers family families dad mum adult adults
     // child children kid kids | son sons daughter daughters baby young youth boy boys girl girls
        pupil pupils childhood teenager teenagers minor
    ko: 부모 | 학부모 아버지 어머니 가족
     // 아이 어린이 아동 자녀 | 아들 딸 자식 소년 소녀 어린 동 ~ 아이디어 아이스 아이슬 아이폰
        아이티 아이템 아이콘 아이칸 아이돌 아이러니 아이오와
    ru: родител | отец отц мат сем
     // ребен ребён детей$ дети$ детям детях детьми | дет мал сын доч шк подрост
    uk: батьки батьків$ батькам батьками | бать мат роди сім
     // дитин дітей діти дітям дітьм | діт мал син доч шк підліт
    """,
    "temperature": """
    en: warm warmer warmest warming hot hotter hottest heat heatwave | heating
     // cold colder coldest freeze+ freezing frost frosts | cool cooler ice snow
    ko: 더위 폭염 무더 따뜻 더운 뜨거 | 온난 더
     // 한파 추운 차가운 차가워 차가웠 _혹한 | 추위 찬 영하 얼 냉 ~ 무더기
    ru: тепл жар | гор зной потепл
     // холод мороз | замороз замерз прохлад лед ~ холодил морозил теплиц тепловоз
    uk: тепл спек жар | гаряч потепл
     // холод мороз | замороз замерз прохолод лід ~ жарт спект спекул холодил морозив теплиц
    """,
    "speed": """
    en: accelerate+ faster fastest quicker speeding | fast quick quickly speed rapid rapidly early
     // slow slows slowed slowing slower slowest slowdown | late later delay+ lag
    ko: 가속 더_빨 더_빠 빨라 | 빠 빨 급 신속
     // 둔화 느려 느린 느리 더뎌 더디 | 늦 천천 저속
    ru: ускор быстрее$ | скор быстр
     // замедл медлен | поздн задерж
    uk: прискор швидш | скор швидк
     // сповільн уповільн повільн | пізн затрим
    """,
    "quality": """
    en: better best improve+ improvement improvements | good well recover+ rise
     // worse worst worsen+ deteriorate+ | bad badly poor fall decline
    ko: 개선 나아졌 호전 더_좋 향상 | 최고 좋 나은 나아 최선 잘
     // 악화 최악 더_나빠 나빠 | 나쁘 나쁜 못 ~ 호전적
    ru: лучш наилучш улучш | хорош
     // худш наихудш ухудш хуже$ | плох
    uk: кращ найкращ покращ поліпш ліпш | добр
     // гірш найгірш погірш | поган
    """,
    "building": """
    en: build builds built building construct constructs constructed construction | rebuild
        rebuilt rebuilding create+ set buildings
     // destroy destroys destroyed destroying demolish+ destruction | collapse+ ruin+ damage+
        raze+ tear tears tore torn
    ko: 건설 건립 지었 지은 짓고 건축 | 복구 재건 짓 지어 건물
     // 파괴 철거 | 붕괴 무너 부수 훼손
    ru: постро построй строит строя возвед возвел | стро созд восстан
     // разруш уничтож снес снос | обруш пострад
    uk: побуд будівн звед звел збуду | буд створ відбуд віднов
     // зруйн знищ знес знос | руйн завал пошкод
    """,
    "safety": """
    en: safe safely safer safety secure | protect+ security
     // dangerous danger dangers unsafe hazardous | risk+ threat+ harm warn+
    ko: 안전 | 무사 보호
     // 위험 | 위협 불안
    ru: безопас | защи охран
     // опасн небезопас | угро риск
    uk: безпе безпеч | захи охорон
     // небезпе | загро ризик
    """,
    "war": """
    en: ceasefire truce peace | deal talks
     // war wars offensive | fighting battle attack+ invasion
    ko: 휴전 무역휴전 정전 평화 | 협상
     // 전쟁 무역전쟁 공세 | 전투 공격 침공 전
    ru: перемир прекращение_огня прекращении_огня мирн | мир прекра
     // войн наступлен | боев бои военн
    uk: перемир припинення_вогню мирн | мир припин
     // війн наступ | бо воєн військ ~ наступн
    """,
}
"""Name of a scale -> its words, as `opposites.py` reads them."""

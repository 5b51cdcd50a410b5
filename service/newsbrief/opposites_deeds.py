"""Closed lists of what happens and its opposite: rose and fell, approved and rejected."""

DEEDS = {
    "level": """
    en: rise rises rose risen rising increase+ climb+ grow grows grew grown growing growth surge+
        soar+ jump+ gains gained gaining | gain up raise+ hike+ high higher highest more rally+
        rallied rebound+ boost+ double+ triple+ expand+ add+ improve+ top topped over upward above
        strengthen+ most
     // fall falls fell fallen falling drops dropped decline+ decrease+ shrink shrinks shrank
        shrunk shrinking slump+ plunge+ tumble+ plummet+ | drop dropping down lower lowest low
        less fewer lose loses lost losing loss losses cut cuts cutting slash+ slow+ weaken+ ease+
        halve+ dip+ sink+ sank reduce+ narrow+ slide slides slid slip+ below least cheaper
        reduction autumn
    ko: 증가 상승 급등 급증 올랐 오르 올라 치솟 늘어 늘었 늘린 늘렸 늘리 성장 급성장 경제성장 저성장
        | 오른 인상 올려 올렸 올리 확대 뛰었 뛰어 껑충 불어 많아 높 커졌 커지 강세 반등 최대 이상
        웃도 돌파 넘 신장 호조 늘며 늘면 늘고
     // 감소 하락 급락 급감 역성장 폭락 떨어 줄었 줄어 줄인 줄이 줄였 추락 위축 | 축소 인하 하향 낮
        내려 내렸 내리 내린 깎 삭감 적어 약세 둔화 이하 밑 절감 저하 빠졌 빠지 ~ 상승률 증가율
        성장률 물가상승 오르간 오르반 오르테가 올라프 늘어선 늘어섰 늘어서 줄이_ 떨어진_곳 떨어진_지
        떨어져_있 킬로미터_떨어 동떨어
    ru: вырос возрос возрастае возрастаю рост$ роста$ росту$ ростом$ росте$ растет$ растёт$ растут$
        растущ увелич повыси повыша повышен подорожа подскоч взлет взлёт прирос прирост наращ нараст
        нарост | поднял подним подъем подъём прибав укреп больш более выше$ высок расшир улучш удво
        утро рекорд свыше превы верх усил крупн рос$ росл растит выращ выраст
     // упал упад паден пада сниз сниж сократ сокращ уменьш спад$ спада$ рухн обвал подешев понизи
        понижа понижен | ниже низк мене меньш потер проса просе опуст урез слаб ослаб замедл сбав
        убав потер убыв проигр осен осён ~ взлетн взлётн
    uk: зрос зріс збільш підвищ виріс вирос зростан підскоч подорожч приріст прирост нароста |
        підня підій більш вище$ висок зміцн понад розшир поліпш покращ подво потро рекорд перевищ
        ріст$ росту$ росл рости злет злет посил вирощ нарощ
     // впав$ впала$ впало$ впали$ упав$ упала$ упали$ падін падаю падає знизи зниж скорот скороч
        зменш спад$ спаду$ рухну обвал подешевш пониж понизи | нижч низьк менш втра послаб просі
        уріз уповільн сповільн спада опуст програ осін восен
    """,
    "contest": """
    en: win wins won winning winner winners victory victories victorious | beat beats beating
        beaten defeat+ champion champions clinch+ secure+ triumph triumphs top
     // lose loses losing loser losers lost | defeat+ beaten loss losses fail+ concede+ relegated
    ko: 승리 이겼 이기고 이긴 우승 꺾고 꺾었 당선 따냈 _승전 압승 | 제압 제치 수상 금메달 선두 1위
        얻 획득 승소 확보
     // 패배 _패했 _패해 _패한 _패하 역전패 완패 참패 낙선 | 졌 지고 진_ 잃 손실 적자 내줬 내주 패소
        실패
    ru: выигр побед побежд обыгр | чемпион завоев одерж добы добил получ триумф одоле
     // проигр поражен проиграл | уступ потер утрат лиши убыт пораз сда
    uk: виграв вигра перемо обіграв обігра | чемпіон здобу отрима тріумф завою подола
     // програв$ програл програє програш програю поразк зазна | поступ втра збит позбав здав
    """,
    "approval": """
    en: approve+ approval approvals ratify+ endorse+ | pass passes passed passing agree+ accept+
        support+ back+ adopt+ grant+ clear+ allow+ authorise+ authorize+
     // reject+ rejection veto vetoes vetoed vetoing | deny+ denies denied refuse+ refusal
        dismiss+ oppose+ opposition block+ decline+ against disapprove+ disapproval overturn+
        strike struck
    ko: 승인 가결 _통과 비준 인준 _재가 | 찬성 받아들 허가 허용 채택 동의 수락 지지 인가 의결
     // 거부 부결 기각 반려 | 거절 반대 배척 무산 불허 퇴짜 일축 않 ~ 재가동 재가입 반려견 반려동물
    ru: одобр утвердил утвержден утверждён утвердит ратифи | принял принят приним поддерж соглас
        разреш утвержд добро_ удовлетвор
     // отклон отверг отверж заветир наложил_вето ветиров | отказ против отмен отмёл отрица неодобр
        вето
    uk: схвал затверд ратифі погоди | прийня підтрим дозв згод ухвал
     // відхил відкин відкид заветов наклав_вето наклала_вето | відмов проти скасу запереч
        не_схвал вето
    """,
    "consent": """
    en: accept+ agree+ | agreement approve+ consent+ admit+ adopt+ take takes took
     // refuse+ refusal refusals | reject+ decline+ deny denies denied dispute+ disagree+
    ko: 수락 _동의 합의 받아들 응했 응하기로 | 승낙 찬성 수용 협정 협약
     // 거부 거절 | 반대 부인 사양 마다
    ru: соглас приня | прим договор одобр
     // отказ отверг | отклон отриц откаж
    uk: погодж погоди прийня згод | домов угод схвал
     // відмов відкин | відхил запереч
    """,
    "verdict": """
    en: convict+ conviction convictions guilty | sentence+ jail+
     // acquit+ acquitted acquitting acquittal exonerate+ | clear+ innocent pardon+ overturn+
        quash+ free freed dismiss+
    ko: 유죄 | 실형 징역 형을 처벌 확정
     // 무죄 | 무고 혐의를_벗 사면 결백 석방
    ru: осужден осуждён осудил осуди виновн признал_вин признала_вин | приговор вину$ вины$ вин
        осужд
     // оправда невинов | невинн освобо помил сня
    uk: засудж засуди винн визнав_вин визнала_вин | вирок винуват вин
     // виправдали виправдав виправдано виправдан$ невинн | невину звільн помил зня
    """,
    "custody": """
    en: arrest+ detain+ detention | jail+ imprison+ seize+ capture+ hold held holding custody
     // release+ freed freeing | free frees bail let publish+ dismiss+ dismissal fire+ sack+ lay
        laid
    ko: 체포 구속 구금 | 억류 붙잡 검거 수감 감금 나포 납치 연행
     // 석방 풀려나 풀려났 풀어줬 | 풀려 풀어 방면 보석 ~ 구속력
    ru: арест задерж | заключ схвач удерж пойма захв
     // освобо отпусти отпущ | выпу свобод залог публик опублик обнарод ~ задержк задержек
    uk: арешт заарешт затрим | ув'язн схопл утрим спійма захоп
     // звільн відпусти відпущ | випу свобод застав опублік оприлюдн ~ затримк затримок
    """,
    "opening": """
    en: open opens opened opening openings reopen+ inaugurate+ | launch+ start+ begin
     // close closes closed closing closure closures shut shuts shutting shutdown | end+ near
    ko: 개장 개통 문을_열 문을_연 재개 개방 개관 개교 | 열렸 열리 열린 열었 열어 연_ 여는 개막 개설
        개점 개원 열 출범 펼쳐
     // 폐쇄 문을_닫 폐막 폐점 폐장 폐관 폐교 닫혔 닫힌 닫았 휴업 통제 휴교 | 닫 마감 종료 중단 막혀
        ~ 재개발
    ru: откры откро возобнов | начал нача заработ
     // закры закро перекры закрыт | прекра заверш окон близ ~ откровен открытк
    uk: відкри відчин відновл | поча запрац розпоч
     // закри зачин перекри | припин заверш закін близьк
    """,
    "course": """
    en: begin begins began begun beginning start+ commence+ launch+ | open+ onset resume+ new
        first
     // ends ended ending finish+ | end conclude+ stop+ stopped halt+ halted close+ complete+ last
        over late later final
    ko: 시작 개시 착수 돌입 출범 개막 | 출발 열 재개 첫 초 출시 발사
     // 종료 끝났 끝나 끝냈 끝내 종결 폐막 막을_내 | 끝 마무리 중단 마치 마쳤 마감 그만 말 종식
        완료
    ru: начал начн начин нача старт запус запущ | приступ откры возобнов выпу
     // закончи законче заверш окончи оконча | кон прекра останов финиш итог
    uk: поча почн почин розпоч старт запус запущ | відкри віднов взявс випу
     // закінч заверш скінч | кін припин зупин фініш підсум
    """,
    "membership": """
    en: join+ enter+ enrol enrolled enlist+ | accession entry return+ join into move+ sign+
     // leave leaves leaving withdraw withdraws withdrew withdrawn withdrawing withdrawal quit
        quits quitting resign+ exit exits exited | left pull+ out retire+ departure depart+
        evacuate+
    ko: 가입 합류 입당 입대 편입 진입 입성 | 들어 참여 참가 동참 입사 함께 입학 영입 이적 입국
     // 탈퇴 떠나 떠났 떠난 이탈 _탈당 철수 퇴사 퇴장 | 나가 나와 나왔 나간 물러 사퇴 사임 중퇴 그만
        출국 인출 빠져 빼 은퇴 ~ 이탈리
    ru: вступ присоедин вошел$ вошёл$ вошла$ вошли$ вошло$ войти$ войдет$ войдёт$ | вход прис вторг
        въе пошел записа примкн пополн стал
     // покин покид вывод вывел вывест отозв ушел$ ушёл$ ушла$ ушли$ уход$ ухода$ уходит | вых остав
        отст увол отказ отступ ушед ~ выводы выводов$ выводам выводах$
    uk: вступ приєдн долуч увійшл увійшо ввійш увійти | вход вхід в'ї вторг став попов
     // покин полиш виві відкли пішо пішл піти$ | вих залиш відст звільн відмов відступ йде ~ вивіск
        вивіль вивіду пішохо пішохі
    """,
    "journey": """
    en: arrive+ arrival arrivals | reach+ land+ come came enter+
     // depart+ departure departures leave leaves leaving | left flee fled set go goes went
    ko: 도착 _입국 입항 | 이르 왔 와_ 오는 착륙 도달
     // 출발 떠나 떠났 떠난 _출국 출항 | 이륙 가는 향해 향하
    ru: прибы приех приезж прилет прилёт | при подъ доб дош
     // отбы отбыт уех уезж вылет вылетел отправи покин покид | отпр ушел ушла ушли уле остав броси
        ~ прибыль прибылей$ прибылям прибылях$
    uk: прибу приїх приїж приліт прилет | при діста дій
     // відбув$ відбула$ відбули$ відбуття поїха виліт вилет відправи вируш покин | від залиш ~
        прибуток прибутк
    """,
    "trade": """
    en: buy buys buying buyer buyers bought purchase+ | acquire+ acquisition+ import+ takeover
     // sell sells selling seller sellers sold | sale sales export+ dispose+ auction+
    ko: 매입 구매 공동구매 구입 매수 순매수 _사들 | 인수 사기 샀 산_ 사는 수입 취득 조달 을_사고
        를_사고 을_사서 를_사서 을_사려 를_사려
     // 매각 판매 공동판매 팔았 팔렸 팔고 팔기 팔린 팔아 매도 순매도 | 팔 매출 수출 경매 처분 공매 ~
        판매원 판매점 판매대
    ru: купи$ купил купит покуп приобре закуп скуп выкуп | приобр импорт наку
     // прода продаж продав распрод | сбы экспорт реализ торг
    uk: купи купу придба закуп скуп викуп | набу куп імпорт
     // прода розпрода збут | збув експорт реаліз торг
    """,
    "foreign trade": """
    en: import+ importer importers | buy buys bought
     // export+ exporter exporters | sell sells sold sales
    ko: 수입 | 들여 구매 도입
     // 수출 | 내보 판매
    ru: импорт ввоз ввез | закуп
     // экспорт вывоз вывез | прода постав
    uk: імпорт ввез ввоз | закуп
     // експорт вивез вивоз | прода постач
    """,
    "support": """
    en: support supports supported supporting supporter supporters | back+ favour+ favor+ for
        endorse+ approve+ help+
     // oppose opposes opposed opposing opponent opponents | against opposition reject+ object+
        anti protest+ critic+ other opposite
    ko: _지지 찬성 | 지원 옹호 후원 응원 동의
     // 반대 | 맞서 거부 저항 반발 반_ 항의 적대
    ru: поддерж сторонн | помощ помог за$ одобр болельщ
     // против возраж оппонент противник | оппоз протест ~ противоп противовозд противота противога
    uk: підтрим прихильн прибічн | допом за$ схвал вболівал уболівал
     // проти супротивн опонент противн | опоз протест ~ протипов протипож протитанк протираке
        протиле протигаз протиріч
    """,
    "survival": """
    en: survive+ survivor survivors survival | rescue+ save+ alive live lives living
     // die dies died dying dead death deaths | kill+ fatal fatally fatalities killed toll murder+
        lose lost lives deadly victim victims late
    ko: 생존 살아남 목숨을_건 | 구조 구했 구한 살아 살렸
     // 사망 숨졌 숨지 숨진 _죽 | 희생 목숨 피살 살해 치명 사상 별세 사인 잃
    ru: выжи уцеле | спас жив вывез
     // погиб умер смерт скончал | уби гиб жертв труп мертв мёртв кончин
    uk: вижи вціл уціл | врят жив
     // загин помер смерт померл | вби уби жертв труп мертв
    """,
    "measures": """
    en: impose+ | introduce+ tighten+ enact+ set put puts new order+ reinstate+ slap+ introduction
     // lift lifts lifted lifting repeal+ scrap scraps scrapped abolish+ | ease+ remove+ drop+
        dropped end+ suspend+ cancel+ exempt+ waive+ relax+ raise+ rise+
    ko: 부과 발동 시행 도입 | 내려 적용 가하 강화 선포 매기 물리
     // 해제 철회 폐지 | 풀 완화 없애 중단 취소 면제 들어
    ru: введ ввел ввёл ввод налож наложи | устан нала ввес вво ужест объяв
     // снят$ снял снима снимет отмен упразд | снят сним приостан ослаб смягч уб
    uk: запров введ ввів ввели ввела увів увели наклал накла | встанов посил оголо обме
     // зняв знял зніма зніме скасов скасув | зня знім послаб пом'якш призупин
    """,
    "permission": """
    en: allow+ permit permits permitted permitting legalise+ legalize+ authorise+ authorize+ | let
        lets approve+ legal open+ enable+ lift+ grant+ license+ leave
     // ban bans banned banning prohibit+ forbid forbids forbade forbidden outlaw+ | bar bars
        barred illegal block+ restrict+ stop+ prevent+ exclude+
    ko: 허용 허가 허락 | 승인 합법 가능 열 풀 해제 인가
     // 금지 통행금지 여행금지 출입금지 출국금지 | 막 불허 불법 제한 차단 못
    ru: разреш | позвол допус дозвол легал одобр сним снял
     // запре запрещ запрет | незакон огранич отказ блок
    uk: дозвол | дозв дозво допус легал схвал зня
     // заборон | незакон обмеж відмов блок
    """,
    "strength": """
    en: strengthen+ strengthened strengthening | strong stronger strength boost+ bolster+ rise
        rose
     // weaken+ | weak weaker weakness slow+ fall fell soften+ undermine+
    ko: 강화 강세 | 강해 강하 굳혔 굳히 키우 상승
     // 약화 약세 | 약해 약하 완화 떨어 하락 둔화
    ru: укреп усил | сильн расту крепн окреп
     // ослаб слабе | слаб осла паде сниз смягч ~ усилия$ усилий$ усилие усилию$ усилиям усилиях$
    uk: зміцн посил | сильн міцн
     // послаб слабш | слаб осла зниз пом'якш ~ посила посилк посилок
    """,
    "success": """
    en: succeed+ success successes successful successfully | win wins won manage+ achieve+
     // fail fails failed failing failure failures unsuccessful | collapse+ lose loses lost miss+
        lack fall falls fell wrong abandon+ without
    ko: 성공 | 성과 해내 이뤄 해냈
     // 실패 | 무산 못 실수 않 결렬 좌절 불발
    ru: успех успеш удало удалс | преусп смог сумел удач
     // неудач провал | не крах безусп срыв сорв
    uk: успіх успіш вдало вдалос | зміг зумі вдал
     // невда провал | не крах безусп зрив зірв
    """,
    "admission": """
    en: confirm+ admit admits admitted admitting acknowledge+ | say says said recognise+
        recognize+ confess+ prove+ plead pleaded
     // deny denies denied denying denial refute+ | reject+ dispute+ dismiss+ refuse+ disprove+
    ko: 확인 시인했 시인하 시인한 시인해 _인정 | 밝혔 자백 확정 맞다
     // 부인했 부인하 부인해 반박 | 거부 부인 부정 일축 아니
    ru: подтверд подтвержд признал призна | созна доказ
     // отриц отрица опроверг опроверж опровержен | отверг отверг отказ отвергл оспор ~ признак
        признател
    uk: підтверд підтвердж визна | зізн дове
     // запереч заперечу спрост | відкид відмов відкин відхил
    """,
    "staffing": """
    en: hire hires hired hiring recruit+ appoint+ appointed appointment | name+ employ+ job jobs
     // fire fires fired firing sack+ dismiss+ resign+ resignation layoffs | lay laid redundant
        quit replace+ dismissal retire+ step+ stepped stand
    ko: 채용 고용 임명 기용 | 뽑 맡 취임 지명 선임
     // 해고 사임 사퇴 해임 경질 파면 | 물러 감원 그만 은퇴 교체 ~ 경질유
    ru: наня назнач | нанима прин взял
     // увол увольн отставк | ушел ушла сокращ покин снят сня смещ отстран
    uk: найня призна найма | прийня взял
     // звільн відставк | піш скоро зня усун
    """,
}
"""Name of a scale -> its words, as `opposites.py` reads them."""

"""English names of countries, their people and capitals, of regions and of large cities."""

from __future__ import annotations

NAMES = """
ad Andorra|Andorran
ae United Arab Emirates|Emirates|UAE|U.A.E.|Emirati|Abu Dhabi
ae.dubai Dubai
af Afghanistan|Afghan|Kabul
af.kandahar Kandahar
ag Antigua|Antiguan
al Albania|Albanian|Tirana
am Armenia|Armenian|Yerevan
ao Angola|Angolan|Luanda
ar Argentina|Argentine|Argentinian|Argentinean|Buenos Aires
at Austria|Austrian|Vienna
au Australia|Australian|Canberra
au.sydney Sydney
au.melbourne Melbourne
az Azerbaijan|Azerbaijani|Azeri|Baku
az.karabakh Nagorno-Karabakh|Karabakh
ba Bosnia-Herzegovina|Bosnia and Herzegovina|Bosnia|Bosnian|Sarajevo
bb Barbados|Barbadian|Bridgetown
bd Bangladesh|Bangladeshi|Dhaka
be Belgium|Belgian
be,europe.eu Brussels
bf Burkina Faso|Burkinabe|Ouagadougou
bg Bulgaria|Bulgarian
bh Bahrain|Bahraini|Manama
bi Burundi|Burundian|Bujumbura|Gitega
bj Benin|Beninese|Porto-Novo|Cotonou
bn Brunei|Bruneian
bo Bolivia|Bolivian|La Paz
br Brazil|Brazilian|Brasilia
br.rio Rio de Janeiro
br.saopaulo Sao Paulo|São Paulo
bs Bahamas|Bahamian|Nassau
bt Bhutan|Bhutanese|Thimphu
bw Botswana|Gaborone
by Belarus|Belarusian|Belarussian|Byelorussian|Belorussian|Minsk
bz Belize|Belizean|Belmopan
ca Canada|Canadian|Ottawa
ca.toronto Toronto
ca.quebec Quebec|Québec|Montreal
ch Switzerland|Swiss|Bern|Berne
ch.geneva Geneva
ch.zurich Zurich|Zürich
ci Ivory Coast|Côte d'Ivoire|Cote d'Ivoire|Ivorian|Abidjan|Yamoussoukro
cl Chile|Chilean
cm Cameroon|Cameroonian|Yaounde|Yaoundé
cn China|Chinese|Beijing|PRC
cn.hongkong Hong Kong|Hong Konger|Hongkonger
cn.macau Macau|Macao
cn.shanghai Shanghai
cn.tibet Tibet|Tibetan|Lhasa
cn.xinjiang Xinjiang|Uighur|Uyghur|Urumqi
cn.wuhan Wuhan
co Colombia|Colombian|Bogota|Bogotá
cr Costa Rica|Costa Rican
cu Cuba|Cuban|Havana
cv Cape Verde|Cabo Verde|Cape Verdean
cy Cyprus|Cypriot|Nicosia
cz Czech Republic|Czechia|Czech|Prague
cd Democratic Republic of Congo|Democratic Republic of the Congo|DR Congo|DRC|Kinshasa
cg Republic of Congo|Republic of the Congo|Congo-Brazzaville|Brazzaville
cd,cg Congo|Congolese
cf Central African Republic|Central African|Bangui
de Germany|German|Berlin
de.munich Munich
de.hamburg Hamburg
de.frankfurt Frankfurt
dj Djibouti|Djiboutian
dk Denmark|Danish|Dane|Copenhagen
dk.greenland Greenland|Greenlandic|Greenlander
dm Dominica
do Dominican Republic|Santo Domingo
do,dm Dominican
dz Algeria|Algerian|Algiers
ec Ecuador|Ecuadorian|Ecuadorean|Quito
ee Estonia|Estonian|Tallinn
eg Egypt|Egyptian|Cairo
er Eritrea|Eritrean|Asmara
es Spain|Spanish|Spaniard|Madrid
es.catalonia Catalonia|Catalan|Barcelona
et Ethiopia|Ethiopian|Addis Ababa
et.tigray Tigray|Tigrayan
fi Finland|Finnish|Finn|Helsinki
fj Fiji|Fijian|Suva
fm Micronesia|Micronesian
fr France|French|Frenchman|Frenchmen|Frenchwoman
fr.paris Paris|Parisian
ga Gabon|Gabonese|Libreville
gb Britain|British|Briton|United Kingdom|UK|U.K.
gb.london London|Londoner
gb.england England|English|Englishman|Englishmen
gb.scotland Scotland|Scottish|Scot|Scotsman|Edinburgh|Glasgow
gb.wales Wales|Welsh|Welshman|Cardiff
gb.ulster,ie Northern Ireland|Northern Irish|Belfast
gd Grenada|Grenadian
ge Georgian|Tbilisi
ge,us.georgia Georgia
ge.abkhazia Abkhazia|Abkhazian|Abkhaz
ge.ossetia South Ossetia|South Ossetian
gh Ghana|Ghanaian|Accra
gm Gambia|Gambian|Banjul
gn Guinea|Guinean|Conakry
gq Equatorial Guinea|Equatorial Guinean|Malabo
gw Guinea-Bissau|Guinea Bissau|Bissau
gr Greece|Greek|Athens
gt Guatemala|Guatemalan
gy Guyana|Guyanese
hn Honduras|Honduran|Tegucigalpa
hr Croatia|Croatian|Croat|Zagreb
ht Haiti|Haitian|Port-au-Prince
hu Hungary|Hungarian|Budapest
id Indonesia|Indonesian|Jakarta
id.bali Bali|Balinese
ie,gb.ulster Ireland|Irish|Irishman|Irishmen
ie Dublin|Republic of Ireland
il Israel|Israeli|Tel Aviv|Jerusalem
in India|Indian|New Delhi|Delhi
in.mumbai Mumbai|Bombay
in.kashmir,pk.kashmir Kashmir|Kashmiri
iq Iraq|Iraqi|Baghdad
iq.mosul Mosul
ir Iran|Iranian|Tehran|Teheran
is Iceland|Icelandic|Icelander|Reykjavik
it Italy|Italian|Rome
it.milan Milan
it.sicily Sicily|Sicilian
jm Jamaica|Jamaican
jo Jordanian|Amman
jp Japan|Japanese|Tokyo
jp.osaka Osaka
jp.hiroshima Hiroshima
jp.okinawa Okinawa|Okinawan
ke Kenya|Kenyan|Nairobi
kg Kyrgyzstan|Kyrgyz|Bishkek
kh Cambodia|Cambodian|Phnom Penh
ki Kiribati
km Comoros|Comorian
kn St Kitts|St. Kitts|Saint Kitts
kp North Korea|North Korean|DPRK|Pyongyang
kr South Korea|South Korean|Republic of Korea|ROK|Seoul
kr.busan Busan|Pusan
kr,kp Korea|Korean|Korean Peninsula
kw Kuwait|Kuwaiti
kz Kazakhstan|Kazakh|Kazakhstani|Astana|Nur-Sultan
kz.almaty Almaty
la Laos|Laotian|Lao|Vientiane
lb Lebanon|Lebanese|Beirut
lc St Lucia|St. Lucia|Saint Lucia
li Liechtenstein|Vaduz
lk Sri Lanka|Sri Lankan|Colombo
lr Liberia|Liberian|Monrovia
ls Lesotho|Maseru
lt Lithuania|Lithuanian|Vilnius
lu Luxembourg|Luxembourger
lv Latvia|Latvian|Riga
ly Libya|Libyan|Tripoli
ly.benghazi Benghazi
ma Morocco|Moroccan|Rabat
ma.casablanca Casablanca
ma.sahara Western Sahara
mc Monaco|Monegasque
md Moldova|Moldovan|Moldavia|Moldavian|Chisinau
md.transnistria Transnistria|Transnistrian|Transdniestria
me Montenegro|Montenegrin|Podgorica
mg Madagascar|Malagasy|Antananarivo
mh Marshall Islands|Marshallese
mk North Macedonia|North Macedonian|Macedonia|Macedonian|Skopje
ml Mali|Malian|Bamako
mm Myanmar|Burma|Burmese|Naypyidaw|Yangon|Rangoon
mn Mongolia|Mongolian|Ulaanbaatar|Ulan Bator
mr Mauritania|Mauritanian|Nouakchott
mt Malta|Maltese|Valletta
mu Mauritius|Mauritian
mv Maldives|Maldivian
mw Malawi|Malawian|Lilongwe
mx Mexico|Mexican|Mexico City
- New Mexico|New England|British Columbia|South Georgia|New South Wales|West Indies
- South China Morning Post|South Pole|North Pole
my Malaysia|Malaysian|Kuala Lumpur
mz Mozambique|Mozambican|Maputo
na Namibia|Namibian|Windhoek
ne Niger|Nigerien|Niamey
ng Nigeria|Nigerian|Abuja
ng.lagos Lagos
ni Nicaragua|Nicaraguan|Managua
nl Netherlands|Dutch|Dutchman|Amsterdam|Holland
nl.hague The Hague|Hague
no Norway|Norwegian|Oslo
np Nepal|Nepali|Nepalese|Kathmandu
nr Nauru|Nauruan
nz New Zealand|New Zealander
nz.auckland Auckland
nz.christchurch Christchurch
om Oman|Omani|Muscat
pa Panama|Panamanian
pe Peru|Peruvian|Lima
pg Papua New Guinea|Papua|New Guinea|Papua New Guinean|Port Moresby
ph Philippines|Philippine|Filipino|Filipina|Manila
pk Pakistan|Pakistani|Islamabad
pk.karachi Karachi
pk.lahore Lahore
pl Poland|Polish|Pole|Warsaw
pr Puerto Rico|Puerto Rican
ps Palestine|Palestinian|Ramallah
ps.gaza Gaza|Gazan|Gaza Strip|Rafah|Khan Younis
ps.westbank West Bank
pt Portugal|Portuguese|Lisbon
pw Palau|Palauan
py Paraguay|Paraguayan|Asuncion
qa Qatar|Qatari|Doha
ro Romania|Romanian|Bucharest
rs Serbia|Serbian|Serb|Belgrade
ru Russia|Russian|Moscow|Muscovite|Russian Federation
ru.petersburg St Petersburg|Petersburg|St. Petersburg|Saint Petersburg
ru.soviet Soviet|Soviet Union|USSR|U.S.S.R.
ru.chechnya Chechnya|Chechen|Grozny
ru.siberia Siberia|Siberian
rw Rwanda|Rwandan|Kigali
sa Saudi Arabia|Saudi Arabian|Saudi|Riyadh
sb Solomon Islands|Solomon Islander|Honiara
sc Seychelles|Seychellois
sd Sudan|Sudanese|Khartoum
sd.darfur Darfur
se Sweden|Swedish|Swede|Stockholm
sg Singapore|Singaporean
si Slovenia|Slovenian|Slovene|Ljubljana
sk Slovakia|Slovakian|Slovak|Bratislava
sl Sierra Leone|Sierra Leonean|Freetown
sm San Marino
sn Senegal|Senegalese|Dakar
so Somalia|Somali|Mogadishu
so.somaliland Somaliland
sr Suriname|Surinamese|Paramaribo
ss South Sudan|South Sudanese|Juba
st Sao Tome and Principe|São Tomé and Príncipe|Sao Tome
sv El Salvador|Salvadoran|Salvadorean|San Salvador
sy Syria|Syrian|Damascus
sy.aleppo Aleppo
sy.idlib Idlib
sz Eswatini|Swaziland|Swazi
td Chadian|N'Djamena
tg Togo|Togolese|Lome
th Thailand|Thai|Bangkok
tj Tajikistan|Tajik|Dushanbe
tl East Timor|Timor|Timor-Leste|East Timorese|Timorese
tm Turkmenistan|Turkmen|Ashgabat
tn Tunisia|Tunisian|Tunis
to Tonga|Tongan
tr Turkey|Turkish|Turk|Türkiye|Turkiye|Ankara
tr.istanbul Istanbul
tt Trinidad and Tobago|Trinidad|Trinidadian
tv Tuvalu|Tuvaluan
tw Taiwan|Taiwanese|Taipei
tz Tanzania|Tanzanian|Dodoma
tz.daressalaam Dar es Salaam
ua Ukraine|Ukrainian|Kyiv|Kiev
ua.crimea,ru.crimea Crimea|Crimean
ua.sevastopol,ru.sevastopol,ua.crimea,ru.crimea Sevastopol
ua.donbas Donbas|Donbass
ua.donetsk Donetsk
ua.luhansk Luhansk|Lugansk
ua.kharkiv Kharkiv|Kharkov
ua.odesa Odesa|Odessa
ua.lviv Lviv|Lvov
ua.dnipro Dnipro|Dnipropetrovsk|Dnieper
ua.zaporizhzhia Zaporizhzhia|Zaporizhia|Zaporozhye
ua.kherson Kherson
ua.mariupol Mariupol
ua.mykolaiv Mykolaiv|Nikolaev
ug Uganda|Ugandan|Kampala
us United States|District of Columbia|United States of America|US|U.S.|U.S.A.|USA
us.newyork New York|New Yorker|Manhattan|Brooklyn
us.california California|Californian|Los Angeles|San Francisco|Hollywood|San Diego
us.texas Texas|Texan|Houston|Dallas
us.florida Florida|Floridian|Miami
us.chicago Chicago
us.boston Boston
us.alaska Alaska|Alaskan
us.hawaii Hawaii|Hawaiian|Honolulu
us,americas America|American
us Washington
uy Uruguay|Uruguayan|Montevideo
uz Uzbekistan|Uzbek|Tashkent
va Vatican|Holy See
vc St Vincent|St. Vincent|Saint Vincent
ve Venezuela|Venezuelan|Caracas
vn Vietnam|Vietnamese|Hanoi|Viet Nam
vn.saigon Ho Chi Minh City|Saigon
vu Vanuatu
ws Samoa|Samoan
xk Kosovo|Kosovan|Kosovar|Pristina
ye Yemen|Yemeni|Sanaa
za South Africa|South African|Pretoria
za.johannesburg Johannesburg
za.capetown Cape Town
zm Zambia|Zambian|Lusaka
zw Zimbabwe|Zimbabwean|Harare
africa Africa|African
americas.latin,americas.south Latin America|Latin American
americas.south,americas.latin South America|South American
americas.central,americas.latin Central America|Central American
americas.north North America|North American
asia Asia|Asian
asia.southeast Southeast Asia|Southeast Asian|South-East Asia|South-East Asian
asia.central Central Asia|Central Asian
europe Europe|European
europe.eu European Union|EU|E.U.
europe.east Eastern Europe|Eastern European
mideast Middle East|Middle Eastern|Mideast
nato NATO
un United Nations|UN|U.N.
balkans Balkans|Balkan
caucasus Caucasus
kurds Kurdish|Kurd|Kurdistan
antarctica Antarctica|Antarctic
arctic Arctic
"""
"""A line for each place: its codes, and the forms that name it.

The codes are those of ISO 3166-1 for countries (XK for Kosovo), with a capital the same as its
country; "ua.lviv" is a part of "ua", which may stand for it and be stood for by it. Two codes say
that the forms may mean either; "-" that they mean none. All four languages have the same codes.
Forms are whole words, with or without -s, and begin with a capital letter in texts too.
"""

# These may be meant, or may be what a translator made clearer: they answer a place of the other
# text, and prove nothing. Those in small letters stand in either case.
HINTS = """
jo Jordan
td Chad
bg Sofia|bell pepper|pepper
cl Santiago
cy.north,tr,gr Turkish Cypriot|Greek Cypriot
de Bundestag|Bundeswehr|Bavaria|Bavarian|Cologne|Saxony|Deutsche|Third Reich|Nazi
es Andalusia|Basque
europe.eu Eurozone|Euro zone|Schengen|Brexit|European Commission|Commission|bloc|euro
fr Elysee|Élysée|Marseille|Lyon|Strasbourg|Franco|Nice
gb Downing Street|Westminster|Manchester|Liverpool|Birmingham|Anglo|sterling|pound|pence|Channel|BA
gb Episcopal|Anglican|Foreign Office|Commonwealth|FA Cup|EPL|MBE|HM|RSPB|Metropolitan Police
gb Oxford|Cambridge|Leeds|Premier League|Commons|Tory|Tories|Welsh|Scottish|NHS|BBC
il Knesset|Hebrew|Jewish|Netanyahu|Zionist|shekel
in Kerala|Gujarat|Punjab|Kolkata|Calcutta|rupee|Rupees|Hindi|Bangalore|Modi|Indus|Hindu
ir Persian|Persia|rial
it Venice|Naples|Florence|Turin|Juventus|Genoa|Tuscan|Tuscany|Roman|Roma
jp yen|Nikkei|Fukushima|Nippon|Kyoto|Samurai
kp the North|Kim Jong|Jong-un|inter-Korean|Pyeongchang|North|Northern|Hermit Kingdom
kr the South|Yeonpyeong|Jeju|Incheon|won|inter-Korean|Hyundai|Samsung|Gangnam|Gyeonggi|Daegu|South
kr Southern
kr Moon Jae|Park Geun|Yonhap|Peninsula|Hangul
kp Peninsula
lb Hezbollah|Hizbullah
af Taliban
ps.gaza Hamas
ru Kremlin|rouble|ruble|Putin|Urals|Sino-Russian|Duma|Gazprom|Slavic|RSFSR|Tsar|tsarist|czar|Moskva
ru cosmonaut|Rosneft|RF|russia|russian
cn yuan|renminbi|Sino|Guangdong|Sichuan|Mandarin|Xi Jinping|Great Wall|mainland|Shenzhen|Hunan
cn Cantonese|Huawei|Communist Party
tr Ottoman|Erdogan|lira|Anatolia
tw mainland|strait
ua hryvnia|Zelensky|Zelenskyy|Verkhovna|Poroshenko|Chernobyl|Chornobyl|Maidan|Rada|hryvnias|UAF
ua ukraine|ukrainian
us dollar|White House|Pentagon|Wall Street|Capitol|Congress|Senate|Trump|Obama|Biden|Clinton|Bush
us Beltway|WA|Census Bureau|Election Day|Mesoamerican|NY|L.A.|USD|Wash.|General Mark
us Fed|Federal Reserve|FBI|CIA|NASA|Nasdaq|Dow Jones|Silicon Valley|Supreme Court|GOP|Nevada|DC
us Pennsylvania|Ohio|Michigan|Virginia|Carolina|Arizona|Oregon|Utah|Colorado|Kansas|Iowa|Maine
us Minnesota|Wisconsin|Illinois|Indiana|Kentucky|Tennessee|Alabama|Mississippi|Louisiana|Missouri
us Arkansas|Oklahoma|Nebraska|Dakota|Montana|Wyoming|Idaho|Maryland|Delaware|New Jersey|Vermont
us Massachusetts|Connecticut|Detroit|Seattle|Atlanta|Philadelphia|Las Vegas|Midwest|state|federal
us New Mexico|New England|New Hampshire|West Virginia|Republican|Democrat|Medicare|NBA|NFL|Marines
za Cape|rand|Durban|Soweto|RSA
mm Rohingya|Rakhine
iq Kirkuk|Saddam
asia ASEAN|Asia-Pacific|Pacific
africa Sahel|Sahara|Saharan|Maghreb
americas the Americas|Caribbean|Latino|Hispanic|Indigenous|Native
americas.latin Caribbean|Latino|Hispanic|Latin
americas.north NAFTA
mideast Gulf|Arab|Levant
nato Alliance|alliance|North Atlantic
un Security Council|General Assembly|UNICEF|UNESCO|UNHCR|WHO|secretary-general|IPCC|WFP
un International Court of Justice|World Court|IAEA|watchdog|Human Rights Council|refugee agency|ICJ
dk Faroe
nl Rotterdam
caucasus Caucasian|Transcaucasia
ua,ru Slav
rs,ba,hr Yugoslav|Yugoslavia|Balkan
cz,sk Czechoslovakia|Czechoslovak
gr Hellenic|Athina
ch Basel|Davos|franc
pl Gdansk|Krakow
se,no,dk Scandinavia|Scandinavian|Nordic
ee,lv,lt Baltic
nl,be,lu Benelux
antarctica South Pole|south pole
arctic North Pole|Polar|Northern Sea Route|north pole
ca British Columbia|Vancouver|Ontario|Alberta
au Queensland|Victoria|Aboriginal
mx Tijuana|peso|Gulf
at Salzburg|Austro|Austro-Hungarian
fr.paris Notre Dame|Notre-Dame|Seine
europe Strasbourg|human rights court|Human rights court|Nordic|OSCE|continent|Commission|Continent
europe EU|Parliament|ECB|ESA|Europa
rs,ba Srpska
americas.central Mesoamerican
nz.auckland Oakland
us.california San Franciscan|Cal Fire|UC|U.C.|CalFire
cm Cameroun
be Flemish|Flanders|Walloon|Wallonia|Antwerp|Ghent
handover delivery|deliverie|deliver|delivered|delivering|extradition|extradite|extradited
handover extraditing|handover|surrender|surrendered|transfer|humanitarian|sidewalk|pavement|futures
handover repatriation|hand|handed|handing
ae emirate
cf CAR
co Columbia
"""

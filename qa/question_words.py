"""Word lists for questions in English, French and Vietnamese: names, and what is no topic."""

from __future__ import annotations

from index import fold

# Nouns that need an "of", verbs and adjectives that fit any topic.
_LIGHT = {
    "en": """
    advantage advantages disadvantage disadvantages benefit benefits drawback drawbacks pros cons
    type types kind kinds sort sorts form forms version versions variety example examples case cases
    cause causes caused reason reasons purpose purposes effect effects impact impacts affect result
    results consequence consequences implication implications influence symptom symptoms sign signs
    characteristic characteristics feature features property properties component components part
    parts element elements layer layers theme themes topic topics aspect aspects detail details fact
    facts information issue issues problem problems challenge challenges risk risks danger dangers
    difference differences similarity similarities relationship relation relations role roles
    function functions importance significance meaning definition origin origins history background
    beginning development invention creation discovery evolution contribution contributions goal
    goals aim aims objective objectives plan plans step steps process procedure method methods way
    ways measure measures treatment treatments solution solutions source sources use uses used using
    usage application applications cost costs price prices number amount level levels size age name
    names term word words list criticism criticisms controversy argument arguments evidence finding
    findings outcome outcomes success failure reaction response reactions opinion view views member
    members leader leaders author founder owner winner players character characters requirement
    requirements condition conditions rule rules option options alternative alternatives
    know tell describe explain define discuss compare contrast give show say said says mean means
    happen happens happened work works made make makes making get gets got take takes took find
    found go goes going went come comes came start started begin began end ended become became
    look need needs want help helps keep let think call called include includes included involve
    involved compare compared relate related differ change changed changes affected develop
    developed invented discovered created established founded exist exists live lives lived see
    main major important common popular famous notable interesting good bad better best worst well
    known different similar same other others else more most less least much many new old first last
    next second third previous latest recent current possible available effective successful big
    large small long short high low several various general overall typical specific main key
    really actually originally typically generally still ever today now then also just even like
    thing things people someone something anything everyone time times year years day days
    """,
    "fr": """
    avantage avantages inconvenient inconvenients benefice benefices type types sorte sortes forme
    formes exemple exemples cas cause causes raison raisons but buts effet effets impact impacts
    resultat resultats consequence consequences symptome symptomes signe signes caracteristique
    caracteristiques element elements partie parties theme themes sujet aspect aspects detail
    details information informations probleme problemes defi defis risque risques difference
    differences relation relations role roles fonction importance signification sens definition
    origine origines histoire evolution creation contribution objectif objectifs plan plans etape
    etapes processus methode methodes moyen mesure mesures solution solutions source sources usage
    utilisation cout couts prix nombre montant niveau taille age nom noms terme mot liste critique
    critiques preuve conclusion conclusions reaction reactions reponse opinion avis membre membres
    auteur fondateur condition conditions regle regles option options engagement engagements
    dire dit disent parler parle expliquer decrire savoir faire fait font donner donne passe passer
    devenir devenu appelle appele signifie trouve trouver commence commencer principal principale
    principaux principales important importante importants importantes premier premiere dernier
    derniere nouveau nouvelle nouveaux bon bonne meilleur meilleure grand grande petit petite autre
    autres meme memes plus moins tres aussi encore chose choses gens fois annee annees an ans jour
    """,
    "vi": """
    ưu nhược điểm lợi ích hại loại dạng ví dụ trường hợp nguyên nhân lý do mục đích mục tiêu tác
    động ảnh hưởng kết quả hậu quả dấu hiệu triệu chứng đặc điểm thành phần yếu tố chủ đề chi tiết
    thông tin vấn đề thách thức rủi khác biệt quan hệ vai trò chức năng tầm trọng ý nghĩa nguồn gốc
    lịch sử quá trình phương pháp cách biện giải pháp chi phí giá số lượng mức tuổi tên danh sách
    phản ứng ý kiến điều kiện quy nội dung cam kết đề xuất nói biết cho làm có là xảy ra bắt đầu
    diễn kết thúc gọi chính chủ yếu quan phổ biến tốt nhất lớn nhỏ mới cũ khác thêm người năm ngày
    """,
}
_TITLES = """
mr mrs ms dr president minister premier chancellor king queen prince princess pope senator governor
mayor secretary ambassador general chairman chairwoman spokesman spokesperson m mme monsieur madame
président présidente ministre chancelier roi reine pape sénateur maire ambassadeur secrétaire
ông bà cô anh chị tướng thống trưởng tịch thư sứ
"""
# Phó Thủ tướng, Quốc hội: a capital before them is no name.
OFFICE_ENDINGS = frozenset(["tướng", "trưởng", "tịch", "thống", "phủ", "hội"])
_ORGANISATIONS = """
ministry bank university college institute committee commission council union group company
corporation corp inc party forum association organisation organization agency fund court parliament
congress senate assembly government department office airlines league ministère banque université
comité conseil société parti fédération agence fonds cour parlement gouvernement sénat
"""
# The first words of Vietnamese ones; alone, their syllables are also parts of people's names.
_VI_ORGANISATIONS = (
    "bộ|ngân hàng|đại học|viện|ủy ban|hội đồng|hội nghị|hiệp hội|tập đoàn|công ty|đảng|liên minh"
    "|chính phủ|liên hợp quốc|quốc hội"
)
_PLACES = """
Vietnam|Việt Nam|Japan|Japon|Nhật Bản|Nhật|France|Pháp|China|Chine|Trung Quốc|Germany|Allemagne|Đức
United States|America|USA|US|États-Unis|Hoa Kỳ|Mỹ|Russia|Russie|Nga|United Kingdom|UK|Britain
England|Royaume-Uni|Angleterre|Anh|South Korea|North Korea|Korea|Corée du Sud|Corée du Nord|Hàn Quốc
Triều Tiên|India|Inde|Ấn Độ|Laos|Lào|Cambodia|Cambodge|Campuchia|Thailand|Thaïlande|Thái Lan
Singapore|Singapour|Malaysia|Malaisie|Indonesia|Indonésie|Philippines|Myanmar|Birmanie|Brunei
Timor-Leste|Australia|Australie|Úc|New Zealand|Nouvelle-Zélande|Canada|Mexico|Mexique|Brazil
Brésil|Argentina|Argentine|Chile|Chili|Peru|Pérou|Cuba|Spain|Espagne|Tây Ban Nha|Portugal|Italy
Italie|Ý|Netherlands|Pays-Bas|Hà Lan|Belgium|Belgique|Bỉ|Switzerland|Suisse|Thụy Sĩ|Austria
Autriche|Poland|Pologne|Ba Lan|Ukraine|Turkey|Turquie|Greece|Grèce|Sweden|Suède|Norway|Norvège
Finland|Finlande|Denmark|Danemark|Ireland|Irlande|Hungary|Hongrie|Romania|Roumanie|Israel|Israël
Iran|Iraq|Irak|Syria|Syrie|Saudi Arabia|Arabie saoudite|Egypt|Égypte|Ai Cập|Morocco|Maroc|Algeria
Algérie|Tunisia|Tunisie|Senegal|Sénégal|Nigeria|Kenya|Ethiopia|Éthiopie|South Africa
Afrique du Sud|Nam Phi|Mali|Ivory Coast|Côte d'Ivoire|Cameroon|Cameroun|Pakistan|Bangladesh
Sri Lanka|Mongolia|Mongolie|Taiwan|Đài Loan|Hong Kong|Europe|Asia|Asie|Africa|Afrique|Châu Âu
Châu Á|Châu Phi|Paris|London|Londres|Berlin|Tokyo|Beijing|Pékin|Bắc Kinh|Seoul|Séoul|Hanoi
Saigon|Ho Chi Minh City|Huế|Danang|Washington|New York|Moscow|Moscou|Brussels|Bruxelles
Geneva|Genève|Bangkok|Vientiane|Phnom Penh|Jakarta|Manila|New Delhi|Osaka|Kyoto|Gunma|Rome
Madrid|Sydney|Canberra|Davos|Hiroshima
"""
_PLACE_WORDS = "city province island islands river county ville tinh"
_SURNAMES = "Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Tô Lương"
_JOINING = "of de du des van von bin al"
_NOUN_BEFORE = """
the a an of about for with from by in on between into some any my your their le la les l un une des
du de d sur pour avec dans au aux entre của về cho với trong các những một
"""
_VERB_BEFORE = "to i you we they people not on il elle nous vous"
_ASKING = "is are was were what which qu est sont quel quelle quels quelles"
_HELPING = "do does did can could will would should"
_QUESTION = {
    "en": """
    what who whom whose which where when why how is are was were do does did can could will would
    should has have had tell describe explain give list name
    """,
    "fr": """
    que quoi qui quel quelle quels quelles où quand comment pourquoi combien est sont qu lequel
    laquelle lesquels
    """,
    "vi": "gì nào đâu ai sao bao nhiêu mấy không thế là hãy",
}


def _folded(text: str, separator: str | None = None) -> frozenset[str]:
    return frozenset(fold(word).replace("-", " ") for word in text.split(separator))


# Folded, but Vietnamese keeps its marks: without them too many words look alike.
LIGHT = {
    "en": _folded(_LIGHT["en"]),
    "fr": _folded(_LIGHT["fr"]),
    "vi": frozenset(_LIGHT["vi"].split()),
}
TITLES = _folded(_TITLES)
ORGANISATIONS = _folded(_ORGANISATIONS)
VI_ORGANISATIONS = tuple(f"{words} " for words in sorted(_folded(_VI_ORGANISATIONS, "|")))
PLACES = _folded(_PLACES.strip().replace("\n", "|"), "|")
PLACE_WORDS = _folded(_PLACE_WORDS)
SURNAMES = _folded(_SURNAMES)
JOINING = _folded(_JOINING)
NOUN_BEFORE = _folded(_NOUN_BEFORE)
VERB_BEFORE = _folded(_VERB_BEFORE)
ASKING = _folded(_ASKING)
HELPING = _folded(_HELPING)
QUESTION_WORDS = {lang: frozenset(text.split()) for lang, text in _QUESTION.items()}
DEMONYM_ENDINGS = ("ish", "ese", "ian", "ean", "ican", "nch", "ais", "ien", "ienne", "aise")

"""Words that tell whose a place is: the school's, the home's, a former one, a street's. Folded, as people write."""

from collections.abc import Mapping
from functools import cache

from helpdesk.routing.clues.lists import words

# What a place after the word is about. One bit each; a word may carry several.
SCHOOL = 1
CHILD = 2
HOME = 4
WORK = 8
ELSEWHERE = 16  # an office, a bank, a holiday: a place that says nothing of the school
STREET = 32
OFFICE = 64  # rectorat, DSDEN: near to the school's académie, but not said to be the school's
ACADEMY = 128
# When.
PAST = 256
NOW = 512
FUTURE = 1024
MOVE = 2048  # « déménagé de … à … »: from is past, to is present
# Others.
NEAR = 4096
STAFF = 8192
OTHER = 16384  # another adult of the family
TITLE = 32768
CLOSING = 65536
COMPANY = 131072

GOVERNORS = SCHOOL | CHILD | HOME | WORK | ELSEWHERE | STREET | OFFICE | ACADEMY | CLOSING
_INFINITIVES = ("er", "ir", "re", "oir")
_DOUBTFUL = PAST | HOME | ELSEWHERE
TIMES = PAST | NOW | FUTURE | MOVE

# Phrases separated by commas or ends of lines. The longest that fits is taken.
_PHRASES: Mapping[int, str] = {
    0: """
        mot de passe, mots de passe, mot de pass, est ce que, est ce, n est pas, a partir, de nouveau, a nouveau,
        en place, sur place, mise en place, en cours, au cours, bien sur, carte d identite, en ligne, par contre,
        entre temps
    """,
    SCHOOL: """
        celle de, celui de, celles de, ceux de, ikastola, skolaj, calandreta, college, colleges, colege, colleg,
        collge, collegue de, coleg, colllege, collaige, clg, coll, lycee, lycees, lyce, licee, lycer, lissee, lyc,
        ecole, ecoles, ecol, ekol, ecolle, maternelle, primaire, elementaire, etablissement, etablissements,
        etablissment, etab, bahut, internat, interne, segpa, ulis, erea, lpo, institution, groupe scolaire,
        cite scolaire, ensemble scolaire, scolarise, scolarisee, scolarises, scolarisees, scolariser, scolarisation,
        scolarite, inscrit, inscrite, inscrits, inscrites, inscription, reinscription, eleve, eleves, etudie,
        etudient, frequente, frequentent, en petite section, en moyenne section, en grande section, cp, ce1, ce2,
        cm1, cm2, 6e, 5e, 4e, 3e, 6eme, 5eme, 4eme, 3eme, sixieme, cinquieme, quatrieme, troisieme, en seconde,
        en premiere, en terminale, terminale, 2nde, 1ere, tle, bac pro, cap, bts, en classe, classe, school,
        secondary school, high school, middle school, colegio, instituto, escuela, escola, liceo, liceu, madrasa,
        lmadrasa, madrassa, medersa, scuola, schule, okul, etudiant, rentre en, entre en, entre au, secteur scolaire,
        vie scolaire, kay9ra, ka9ra, kayqra, y9ra, yqra, t9ra, tqra, kat9ra, katqra, ta9ra, la scuola, internat de,
        pensionnaire, demi pensionnaire, ent de, ent du, pronote de, pronote du
    """,
    CHILD: """
        fils, fille, filles, enfant, enfants, garcon, gamin, gamine, gosse, gosses, petit fils, petite fille, ado,
        jumeaux, jumelles, aine, ainee, cadet, cadette, benjamin, benjamine, fiston, puce, wldi, weldi, wlidi, waldi,
        ouldi, bnti, benti, bniti, wladi, wledi, drari, my son, daughter, kids, child, children, hijo, hija, hijos,
        hijas, filho, filha, figlio, figlia, mes grands, ma grande, mon grand, ma petite, mon petit, le grand,
        le petit, la grande, la petite, neveu, niece, pupille
    """,
    HOME: """
        habite, jhabite, jabite, jabites, habites, habitons, habitent, habitant, habitants, habitante, habitantes,
        administre, administree, administres, administrees, habiter, habites a,
        abite, abitons, domicile, domicilie, domiciliee, domicilies, residant, reside, residons, resident, residence,
        demeurant, demeure, vis, vit, vivons, vivent, vivant, loge, logeons, mon adresse, notre adresse, adresse,
        adresse postale, mon domicile, chez moi, chez nous, maison, je suis a, je suis sur, je suis de, je suis dans,
        j suis a, j suis sur, chui a, chui sur, suis a, suis sur, nous sommes a, nous sommes sur, nous sommes de,
        nous sommes dans, on est a, on est sur, on est de, on est dans, moi a, moi je suis, emmenage, emmenagement,
        emmenager, emmenageons, installe, installes, installer, installee, installons, live, living, lives, vivo,
        vivimos, vive, moro, moramos, saken, sakna, skna, saknin, nskon, kanskon, naskon, nskn, kanskn, nsken,
        3ayech, 3aycha, 3ayechin, ville, commune, code postal, cp, localite, i m in, i am in, we are in, wohne,
        wohnen, abito, abitiamo, vous ecris de, ecris depuis, vous appelle de, appelle depuis
    """,
    WORK: """
        agent, employe, employee, salarie, salariee, cadre, travaille, travaillons, travaillant, travaillait,
        travail, taf, bosse, bureau, bureaux, boulot, emploi, employeur, entreprise, societe, cabinet, agence,
        magasin, restaurant, journaliste, avocat, avocate, notaire, work, working, works, trabajo, khdam, khdama,
        khedam, medecin, infirmier, infirmiere, gendarme, militaire, policier, muter, fonctionnaire, chantier, siege
    """,
    STAFF: """
        enseignant, enseignante, enseignants, prof, professeur, professeure, professeur des ecoles, instituteur,
        institutrice, maitresse, maitre, cpe, conseiller principal, conseillere principale, secretaire, secretariat,
        directeur, directrice, principal, principale, proviseur, proviseure, chef d etablissement, aesh, avs,
        surveillant, surveillante, aed, assistant d education, gestionnaire, documentaliste, referent numerique,
        referente numerique, referent educonnect, referente educonnect, infirmiere scolaire, j enseigne, enseigne,
        teacher, profesor, profesora, agent administratif, personnel, coordonnateur, psyen, psy en, intendant,
        intendante, remplacant, remplacante, titulaire, stagiaire
    """,
    ELSEWHERE: """
        credit agricole, credit mutuel, caisse d epargne, caisse, banque, caf, cpam, msa, urssaf, pole emploi,
        france travail, tribunal, juge, jaf, barreau, hopital, chu, chru, clinique, universite, fac, faculte,
        prefecture, sous prefecture, commissariat, gendarmerie, police, gare, aeroport, olympique, stade, club,
        match, festival, vacances, vacance, week end, weekend, voyage, sejour, stage, concert, train, tgv, vol, sncf,
        deplacement, sortie scolaire, tour eiffel, equipe, musee, nee a, nes a, nee, naissance, est ne a, est ne le,
        est ne en, suis ne a, suis ne le, ne le, psg, affaires familiales, originaire, orange, savon, saucisse,
        presse, journal, editions, consulat, ambassade, tournoi, conservatoire, hotel, camping, cousin, cousine,
        collegue, collegues, ami, amie, amis, amies, copain, copine, voisin, voisine, banlieusard, zone, accident,
        radio, chambre, syndicat
    """,
    STREET: """
        rue, rues, avenue, av, boulevard, bd, bld, boul, bvd, place, placette, chemin, route, allee, allees, impasse,
        quai, quais, cours, square, faubourg, fbg, fg, passage, sentier, villa, esplanade, rond point, lotissement,
        hlm, batiment, residence, zac, za, zi, rte, imp, all, che, pl, promenade, ruelle, traverse, cite, porte,
        pont, metro, tramway, tram, bus, ligne, autoroute, street, calle, lieu dit, montee, rocade, quartier
    """,
    OFFICE: """
        rectorat, rectorats, dsden, dasen, inspection academique, inspection, inspecteur, inspectrice, mairie,
        ville de, commune de, conseil departemental, conseil regional, region, departement, guichet, daac, drane,
        dane, rectora, rectorar
    """,
    ACADEMY: """
        academie, academies, academi, accademie, acadmie, academy, acad, academia, akademie, acedemie, academies de
    """,
    PAST: """
        pas celui de, pas celle de, ni de, ni celui de, ni celle de, a vecu, avons vecu, ai vecu, ont vecu,
        avons habite, a habite, ai habite, a passe la, a passe l annee, a passe ses, a passe son, ancien, ancienne,
        anciens, anciennes, ex college, ex lycee, ex ecole, auparavant, precedent, precedente, precedemment,
        l an dernier, l an passe, lan dernier, lan passe, l annee derniere, l annee passee, annee derniere,
        annee passee, d avant, davant, d origine, venons de, venons d, venons du, viens de, viens du, vient de,
        vient du, viennent de, venant de, venant du, venu de, venue de, venus de, venait de, arrivons de,
        arrivons du, rentrons de, rentrons du, rentrant de, revenons de, revenons du, revenant de, de retour de,
        de retour du, arrive de, arrive du, arrivee de, arrivee du, arrives de, arrivant de, arrivant du,
        arrivent de, sorti de, sortie du, radie, radiee, desinscrit, desinscrite, quitte, quittee, quitter, quittait,
        quittons, quittant, etait a, etait au, etait en, etait dans, etait sur, etait scolarise, etait scolarisee,
        etait inscrit, etait inscrite, etait eleve, etait interne, etait encore, etais a, etais au, etions a,
        etions au, etions en, etions dans, etions sur, etaient a, etaient au, etaient en, etaient scolarises,
        etaient scolarisees, etaient inscrits, allait, allaient, frequentait, habitait, habitaient, habitions,
        habitais, vivait, vivaient, vivions, vivais, n est plus, est plus, sont plus, va plus, vont plus,
        sommes plus, habite plus, habitons plus, frequente plus, scolarise plus, scolarisee plus, inscrit plus,
        inscrite plus, used to, last year, former, previous, previously, antes, anterior, ano pasado, was in, was at,
        were in, jusqu en, jusqu a l annee, jusqu a cet ete, jusqu a la fin, jusque la, autrefois, a l epoque,
        il y a un an, il y a deux ans, il y a 2 ans, il y a 3 ans, kanet, kan f, etudiait, a fait sa, a fait son,
        a fait ses, faisait sa, faisait son, avait fait, a passe, men, precedant, en provenance, provenance,
        provient
    """,
    NOW: """
        maintenant, mtn, mnt, mtnt, entre au, entre en, rentre en, rentre au, actuellement, actuel, actuelle,
        aujourd hui, aujourdhui, desormais, a present, cette annee, depuis, est, sont, va, vont, suit, suivent, entre,
        rentre, entree, now, currently, ahora, actualmente, nouveau, nouvelle, nouvel, new, nuevo, nueva, dorenavant,
        puis, ensuite, daba, drk, drok, dorka, c est, a integre, a rejoint, rejoint, depuis l an dernier,
        depuis l annee derniere, integre, vient d entrer, vient de rentrer, vient d arriver, vient d integrer,
        viens d arriver, viens d emmenager, viens d inscrire, viens de m installer, venons d arriver,
        venons d emmenager, venons de nous installer, venons d inscrire, venons de demenager, viens de demenager,
        vient de demenager, vient de changer, vient d etre, mais, is, are, esta, estan, transfere a, transfere au,
        transferee a, transferee au, transfert vers, arrivee a, arrive a, arrivee au, arrives a
    """,
    FUTURE: """
        sera, seront, ira, iront, va aller, va entrer, va rentrer, vont aller, l an prochain, l annee prochaine,
        annee prochaine, rentree prochaine, prochaine rentree, prochain, prochaine, voeu, voeux, souhaite,
        souhaitons, souhaiterais, voudrait, voudrais, voudrions, aimerait, aimerais, derogation, futur, future,
        next year, will be, proximo, l ete prochain, en septembre prochain, entrera, integrera, rejoindra,
        demande une place, demander une place, demande un, demande le, demande une, veut aller, veulent aller,
        veut integrer, souhaite aller, candidature, postule
    """,
    MOVE: """
        change d etablissement, change de college, change de lycee, change d ecole, changer d ecole,
        changement de college, changement d etablissement, changement d ecole, changement de lycee, demenage,
        demenages, demenagee, demenagent, demenageons, demenager, demenagement, demenageant, demanage, demenag, mute,
        mutee, mutes, mutation, passe du, passe de, passee du, passee de, est parti, est partie, sont partis,
        sommes partis, partis de, partons, transfert, transfere, transferee, transferes, moved, mudado, mudamos,
        partir
    """,
    NEAR: """
        pres de, pres d, pres du, a cote de, a cote d, a cote du, proche de, proche d, proche du, aux alentours de,
        alentours, environs, banlieue, banlieue de, region de, pas loin de, non loin de, km de, minutes de, min de,
        mn de, agglomeration, agglo, peripherie, near, cerca de, autour de, a proximite de, entre, hda, 7da,
        au nord de, au sud de, a l est de
    """,
    OTHER: """
        pere, papa, mere, maman, ex, mari, femme, conjoint, conjointe, compagnon, compagne, epoux, epouse,
        grand pere, grand mere, grands parents, beau pere, belle mere, tante, oncle, mamie, papi, papy, soeur, frere,
        marraine, parrain, concubin, ex mari, ex femme, ex conjoint, ex compagne, tonton, tata, autre parent, father,
        husband, wife, padre, marido
    """,
    TITLE: """
        m, mr, mme, mlle, monsieur, madame, mademoiselle, docteur, dr, maitre, famille, mrs, ms, senor, senora
    """,
    CLOSING: "cordialement, cdlt, cdt, salutations, bien a vous, respectueusement, regards, saludos",
    COMPANY: """
        sarl, sas, societe, sasu, eurl, sci, scp, selarl, siret, siren, rcs, tva, holding, responsable commercial,
        responsable commerciale, responsable des ventes, responsable rh, commercial, commerciale, ingenieur,
        consultant, consultante, assistante de direction, chef de projet, chargee de, charge de, manager,
        directeur commercial, directrice commerciale, dirigeant, gerant, gerante, standard, mobile pro,
        ligne directe, open space, service client, agence, cabinet, notaire, avocat, avocate, expert comptable,
        hopital, chu, clinique, banque, assurance, assurances, credit agricole, sncf, la poste, mutuelle, immobilier,
        boutique
    """,
}

# Words without which a place that nobody is said to live or learn at tells nothing: publicity names towns too.
OUR_MATTERS = words(
    """
    educonnect educonect connecter connection connexion conecter compte comptes passe mdp identifiant identifiants
    code fils fille enfant enfants eleve ecole college lycee ent pronote inscription inscrire bourse affectation
    orientation lsu sms mail acces portail scolarite academie rectorat parent parents login account password je j jai
    jhabite mon ma mes my mi ana telephone numero
    """
)

# Words of publicity, suppliers and press.
SELLING = words(
    """
    newsletter partenariat devis promo promotion promotions seo desinscrire desabonner unsubscribe journaliste
    redaction remise tarif tarifs solutions gagne gagnant loterie investissement prospection commerciale fournisseur
    fournisseurs
    """
)


@cache
def by_first_word() -> Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]:
    """By first word: the further words of each phrase and its signs, the longest first. Built once."""
    signs: dict[tuple[str, ...], int] = {}
    for sign, text in _PHRASES.items():
        for phrase in text.replace("\n", ",").split(","):
            words = tuple(phrase.split())
            for form in (words, (*words[:-1], "d")) if words[1:] and words[-1] == "de" else (words,):
                if form:
                    signs[form] = signs.get(form, 0) | sign
    table: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for words, sign in signs.items():
        table.setdefault(words[0], []).append((words[1:], sign))
    return {first: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for first, entries in table.items()}


def mark(words: list[str]) -> list[int]:
    """For each word the signs of the phrase that ends there, 0 for none."""
    table = by_first_word()
    signs = [0] * len(words)
    last = -1
    for index, word in enumerate(words):
        if index <= last or (entries := table.get(word)) is None:
            continue
        following = words[index + 1] if index + 1 < len(words) else ""
        for rest, sign in entries:
            end = index + len(rest)
            if not rest or (rest[0] == following and tuple(words[index + 1 : end + 1]) == rest):
                last = end
                signs[last] = _unless_just_done(sign, words, index, last) if sign & _DOUBTFUL else sign
                break
    return signs


def _unless_just_done(sign: int, words: list[str], first: int, last: int) -> int:
    """« il vient de Brest » is past, « il vient d'entrer au collège de Brest » is not; « CP 34200 » is no class."""
    after = words[last + 1] if last + 1 < len(words) else ""
    just_done = words[first][0] == "v" and words[last] in ("de", "d") and after.endswith(_INFINITIVES)
    if sign == PAST and just_done:
        return NOW
    if last > first and words[first : last + 1] == ["ne", "le"]:
        return ELSEWHERE if after.isdigit() else 0
    if words[last] == "cp":
        return HOME if after.isdigit() else SCHOOL
    return sign

"""First names: of children, of the people that schools and streets are named after. What follows one is no place."""

from helpdesk.routing.clues.lists import words

# « collège Honoré de Balzac », « lycée Anne de Bretagne », « le compte de Valentine » name nobody's town. Folded.
FIRST_NAMES = words(
    """
    aaron abdel abel adam adele adelaide adrien agathe agnes agrippa ahmed aicha aime albert alain alban alexandre
    alexandra alexis alfred ali alice alicia alienor aline alix alphonse amandine amina ambre ambroise amelie anais
    anatole andre andrea angele angelique anna anne annie anouk anselme anthony antoine antonin apolline ariane
    aristide arnaud arsene arthur assia aubin aude audrey auguste augustin aurelie aurelien axel aya ayoub baptiste
    barbara basile bastien beatrice benjamin benoit bernadette bernard bertrand bilal blaise blanche boris brice
    brigitte bruno camille candice capucine carla carole caroline catherine cecile cedric celeste celestin celia
    celine chaima charles charlotte chloe chretien christelle christian christine christophe claire clara clarisse
    claude claudette claudine clea clemence clement clementine cleo colette constance corentin coralie cyprien cyril
    damien daniel daniele danielle david delphine denise diane diego didier dimitri dominique dora dorian dounia edgar
    edith edmond edouard elea eleonore elena eliott elie eliot elisa elisabeth elise ella elodie eloise elsa elya
    emile emilie emilien emma emmanuel enzo eric erwan estelle esteban ester esther ethan etienne eugene eugenie eva
    evan evariste fabien fabrice fanny farid fatima fatou faustine felicie felix ferdinand fernand firmin flavie
    flavien flora florence florent florian francine francis franck francois francoise frederic frederique gabin
    gabriel gabrielle gaetan gaspard gaston gauthier genevieve geoffrey geoffroy george georges gerald gerard germaine
    gilbert gilles giulia gregoire gregory guillaume gustave guy hamza hannah hector helena helene heloise henri
    henriette herve hippolyte hocine honore hugo hugues ibrahim ilan ilyes imane imran ines irene iris isaac isabelle
    isaline ismael ivan jacqueline jacques jade jaures jean jeanne jeannine jenny jeremy jerome jessica joachim joan
    joanna joel johan jonas jonathan jordan joseph josephine joshua jules julia julian julie julien juliette justin
    justine kais karim karine kenza kevin kilian laetitia lana lara laura laure laurence laurent lea leana leandre
    leila lena leo leon leonard leonie leopold leila liam lila lilian lilou lina line lisa lise livia lois lola loic
    lorenzo lou louane louis louisa louise louka louna luc luca lucas lucie lucien lucile ludovic luka lydia lyna
    madeleine mael maelle maelys maeva malo malik malika manon manuel marc marceau marcel marcelle margaux margot
    marguerite maria mariam marianne marie marin marina marine marion marius marlene martial martin martine maryam
    mathilde mathias mathieu mathis mathys matteo matthieu maurice max maxence maxime maya medhi mehdi melanie melissa
    melina merwan michel michele mickael mila milan milo mireille mohamed mohammed monique morgane mya nadia nadine
    nael naim nahel nancy nassim natacha nathalie nathan nawel nelson nicolas nina ninon noa noah noam noe noel noelie
    noemie nolan nora norah octave oceane olga olivia olivier olympe oriane oscar owen paco pascal pascale patrice
    patricia patrick paul paula paule pauline paulin philippe philomene pierre pierrick prosper quentin rachel rafael
    rania raoul raphael rayan raymond rebecca regine regis remi remy renaud rene renee richard rita robert robin
    rodolphe rodrigue roger roland romain roman romane romaric romeo romy ronan rosa rose rosalie roxane ruben sabine
    sabrina sacha safia salma salome samia samir samuel samy sandra sandrine sara sarah sasha sebastien selena selma
    serge severine shaina sidonie simon simone sofia sofiane solene solenn soline solange sonia sophie souad stanislas
    stella stephane stephanie stephen suzanne suzie sylvain sylvaine sylvie tanguy tania teo teddy telma tess theo
    theodore theophile therese thibaud thibault thibaut thierry thomas timeo timothee tiago tim titouan tom tony
    toussaint tristan ugo ulysse valentin valentine valere valerie vanessa vera veronique victoire victor victoria
    vincent violette virginie viviane vivien wassim wendy william willy xavier yacine yann yanis yannick yasmine yohan
    yoann youssef ysee yves yvette yvonne zacharie zachary zinedine zelie zoe nabil rachid khadija yassine nour adem
    inaya sohan soan tao ayden lyam eden mathéo kylian killian swann
    """
)

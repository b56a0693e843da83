# Optællinger af deltagere.
problem-counters-only = Antal deltagere indberettes af projektholderen, sekretariatet eller en bidragyder.
problem-other-organisation = Du kan kun indberette for din egen organisation.
problem-already-withdrawn = Optællingen er allerede trukket tilbage.

fault-unknown-activity = Projektet har ingen aktivitet »{ $value }«.
fault-one-period = Angiv perioden på netop én måde: start og slut, kalenderår, skoleår eller projektår.
fault-period-backwards = Perioden slutter, før den begynder.
fault-project-start-unknown = Det vides ikke, hvornår projektet begynder. Angiv periodens første dag.
fault-in-the-future = Perioden begynder efter i dag, { $today }.
fault-overlap = Perioden overlapper en, der allerede er indberettet for det samme: { $from } til { $to }.
fault-twice = Den samme optælling er med to gange.
fault-gender-sum = Kvinder, mænd og andet køn er tilsammen flere end deltagerne.
fault-below-so-far = { $total } indtil nu er mindre end de { $standing }, der allerede er indberettet for tiden før.
fault-no-figure-before = Tallet indtil nu kan ikke deles op, for en tidligere periode har ikke dette tal.
fault-against-so-far = Det strider mod de { $total }, der er indberettet som antal indtil { $to }. Ret dem først, eller sammen med dette.

# Filer med optællinger.
fault-not-csv = Filen kan ikke læses som CSV.
fault-empty-file = Filen er tom.
fault-too-many-rows = Filen har mere end { $max } rækker. Del den op.
fault-unknown-column = Kolonnen »{ $value }« kendes ikke.
fault-column-twice = »{ $value }« siger det samme som en anden kolonne.
fault-column-missing = Denne kolonne mangler.
fault-cells = Rækken har { $found } felter; overskriften har { $expected }.
fault-unknown-project = »{ $value }« er ikke et projekt, som du kan se i dette program.
fault-not-yours = Du kan ikke indberette for dette projekt.
fault-other-organisation = Du kan kun indberette for din egen organisation.
fault-unknown-counting = »{ $value }« er hverken unikke deltagere (unique) eller deltagelser (attendances).
fault-not-a-figure = »{ $value }« er ikke et helt tal. Skriv det uden tusindtalsskilletegn.
fault-not-a-period = »{ $value }« er ikke en periode. Skriv 2022 for et kalenderår eller 2022/2023 for et skoleår.
fault-not-a-day = »{ $value }« er ikke en dato. Skriv 2022-12-31 eller 31-12-2022.
fault-not-yes-or-no = »{ $value }« er hverken ja eller nej.
fault-too-far-ahead = Perioden slutter mere end to år ude i fremtiden.
fault-no-rows = Filen har en overskrift, men ingen rækker.

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
fault-too-far-ahead = Perioden slutter mere end to år ude i fremtiden.

problem-code-in-use = Koden er i brug og kan ikke slettes. Lad den udgå i stedet.
problem-organisation-in-use = Organisationen er i brug og kan ikke slettes. Lad den udgå i stedet.
problem-code-has-past = Koden er i brug i optællinger eller indikatorer og kan ikke flyttes: tidligere tal ville ændre sig. Lad den udgå, og opret en ny.
problem-round-in-use = Runden har ansøgninger eller bevillinger og kan ikke tages ud.
problem-application-is-project = Ansøgningen er blevet til et projekt.
problem-application-not-granted = Ansøgningen har ikke fået tilsagn, så den kan ikke blive til et projekt.
problem-fact-withdrawn = Tallet er allerede trukket tilbage.

fault-code-fixed = Koden vælges én gang og kan ikke ændres.
fault-unknown-round = »{ $value }« er ikke en runde i dette program.
fault-one-applicant = Angiv ansøgeren på én måde: en organisation i programmet, eller et navn.
fault-nothing-granted = Her skal der ikke stå et beløb: der gives ingen penge.
fault-gives-no-education = En organisation af arten { $value } har ingen uddannelsestype.

problem-activity-in-use = Aktiviteten har indberetninger eller indikatorer og kan ikke slettes.

fault-chosen-twice = »{ $value }« er allerede valgt.
fault-ends-before-start = Perioden kan ikke slutte, før den begynder ({ $start }).
fault-not-later = En forlængelse skal slutte senere end den slutdato, der gjaldt før ({ $end }).
fault-unknown-application = »{ $value }« er ikke en ansøgning i dette program.
fault-not-granted = Ansøgningen »{ $value }« har ikke fået tilsagn.
fault-application-used = Ansøgningen »{ $value }« er allerede blevet til et projekt.
fault-other-round = Ansøgningen hører til runden »{ $value }«.
fault-below-its-parts = Bevillinger og medfinansiering er tilsammen { $sum } øre, mere end hele budgettet.
fault-applicant-not-registered = Ansøgeren er ikke en organisation i programmet. Angiv projektholderen.
fault-one-project = Angiv enten koden for et nyt projekt eller et projekt, der findes.
fault-project-exists = Projektet findes og får kun bevillingen. Udelad alt andet.

# Udgifter.
problem-spending-withdrawn = Tallet er allerede trukket tilbage.

# Anmodninger om ændringer.
problem-request-open = Der venter allerede en anmodning om det samme på sekretariatet.
problem-request-decided = Anmodningen er allerede afgjort eller trukket tilbage.
problem-request-outdated = Projektet er ændret, siden anmodningen blev lavet, så den kan ikke imødekommes. Afslå den, eller lad en ny blive lavet.
problem-requester-only = Anmodningen kan kun trækkes tilbage af den, der lavede den.
fault-changes-nothing = Det ændrer intet.
fault-one-amount-each = Angiv et beløb for hver bevilling: projektet har { $count }.

# Låste perioder.
problem-period-locked = Perioden er indberettet og godkendt, og derfor låst. Sekretariatet kan åbne den for rettelser.
problem-opening-ended = Perioden er ikke længere åben for rettelser.
fault-period-locked = Perioden { $from } til { $to } er indberettet og godkendt, og derfor låst. Sekretariatet kan åbne den for rettelser.
fault-nothing-locked = Projektet har ingen låste dage i denne periode.
fault-day-has-passed = Dagen er gået; i dag er { $today }.
fault-open-too-long = En låst periode kan højst være åben for rettelser i et år, til og med { $latest }.

# Fremdriftsrapporter.
problem-report-there-already = Projektet har allerede en sådan rapport for perioden.
problem-report-not-open = Rapporten ligger ikke længere hos projektholderen og kan ikke ændres.
problem-report-not-submitted = Rapporten er ikke indsendt.
problem-period-not-over = Rapporten kan tidligst indsendes på periodens sidste dag.
fault-not-in-project = Projektet har ingen sådan indikator.
fault-indicator-twice = Indikatoren er der allerede.
fault-differs-without-comment = Vurderingen afviger fra den foreslåede. Skriv hvorfor.
fault-not-overdue = Rapporten er ikke forsinket.

# Rykkere.
reminder-kind-annual = fremdriftsrapport
reminder-kind-final = slutrapport
reminder-subject = Rykker: { $kind } for { $project }
reminder-text =
    Kære projektholder

    Vi mangler jeres { $kind } for projektet »{ $project }« for perioden { $from } til { $to }. Den skulle være indsendt senest { $due }.

    Skriv og indsend den her: { $address }

    Tallene er udfyldt ud fra det, der er indberettet. Ret dem først, hvis noget mangler.

    Venlig hilsen
    Sekretariatet

# Forslag til vurdering, for hvert mål.
assessment-reached = Målet er nået: { $actual } af { $target }.
assessment-above-range = Der er nået { $actual }, mere end lovet.
assessment-on-plan = { $actual } af { $target }; { $expected } var planlagt nu.
assessment-behind-plan = { $actual } af { $target }; noget mindre end de { $expected }, der var planlagt nu.
assessment-far-behind-plan = { $actual } af { $target }; meget mindre end de { $expected }, der var planlagt nu.
assessment-not-due-yet = Intet er planlagt før { $day }.
assessment-not-begun = Projektets periode er ikke begyndt.
assessment-on-time = { $actual } af { $target }, og { $passed } % af perioden er gået.
assessment-behind-time = { $actual } af { $target }, og { $passed } % af perioden er gået: noget bagud.
assessment-early-in-period = { $actual } af { $target }, og { $passed } % af perioden er gået: bagud, men det meste ligger stadig forude.
assessment-far-behind-time = { $actual } af { $target }, og { $passed } % af perioden er gået: langt bagud.
assessment-nearly-reached = { $actual } af { $target }: tæt på målet.
assessment-not-reached = { $actual } af { $target }: langt fra målet.
assessment-period-unknown = { $actual } af { $target }. Der er ingen plan over årene, og projektets periode kendes ikke, så det kan ikke siges, hvad der skulle være nået nu.
assessment-missing = Tallet mangler.
assessment-only-broader = Der er kun talt { $actual } på et bredere niveau, og det vides ikke, hvor mange af dem der hører til her. Tallet mangler.
assessment-hidden = Tallet er skjult af hensyn til anonymiteten, og tæller ikke imod projektet.
assessment-no-target = Der er intet måltal.

# Forslag til vurdering af hele projektet.
assessment-of-one = »{ $title }«: { $reason }
assessment-overall = Målene: { $good } går godt, { $acceptable } acceptabelt og { $slow } langsomt. Tal, der mangler: { $missing }. Kan endnu ikke vurderes: { $open }.
assessment-too-little-known = Der foreslås ingen vurdering, fordi flere mål mangler et tal, end der kan vurderes. Målene: { $good } går godt, { $acceptable } acceptabelt og { $slow } langsomt. Tal, der mangler: { $missing }. Kan endnu ikke vurderes: { $open }.
assessment-nothing-to-judge = Ingen af målene kan vurderes endnu, så der foreslås ingen vurdering.

# En fremdriftsrapport som side.
progress-report-kind-annual = Fremdriftsrapport
progress-report-kind-final = Slutrapport
progress-report-project = Projekt
progress-report-period = Periode
progress-report-state = Status
progress-report-due = Frist
progress-report-submitted = Indsendt
progress-report-decided = Afgjort
progress-report-source = Kendt fra
progress-report-audit-number = Nummer i revisionssporet
progress-report-audit-head = Revisionssporets hoved ved godkendelsen
progress-report-is-requested = bestilt
progress-report-is-draft = kladde
progress-report-is-submitted = indsendt
progress-report-is-returned = sendt tilbage
progress-report-is-approved = godkendt
progress-report-is-withdrawn = trukket tilbage
progress-report-is-reported = kendt fra en anden rapport
progress-report-assessment = Vurdering
progress-report-decision = Sekretariatets afgørelse
progress-report-undecided = ikke afgjort
progress-report-holder = Projektholderen
progress-report-suggested = Foreslået ud fra tallene
progress-report-why-suggested = Hvorfor det foreslås
progress-report-holder-comment = Projektholderens kommentar
progress-report-decision-comment = Sekretariatets kommentar
progress-report-figures = Måltal og det nåede
progress-report-basis-frozen = Til og med { $day }, som de blev fastfrosset, da rapporten blev indsendt.
progress-report-basis-open = Til og med { $day }, som de er nu: de fastfryses, når rapporten indsendes.
progress-report-no-indicators = Projektet har ingen indikatorer.
progress-report-indicator = Indikator
progress-report-reached = Nået
progress-report-changes = Rettet siden
progress-report-then = I rapporten
progress-report-now = Nu
progress-report-target-then = Måltal i rapporten
progress-report-target-now = Måltal nu
progress-report-narrative = Hvad der er gjort
progress-report-learnings = Læring
progress-report-deviations = Hvad der gik anderledes end planlagt
progress-report-not-written = Der er ikke skrevet noget.

# Problemer: hvorfor en forespørgsel som helhed blev afvist.
problem-not-found = Her er intet, eller intet som du må se.
problem-method-not-allowed = Denne adresse tager ikke imod den metode.
problem-malformed = Forespørgslen kan ikke læses.
problem-invalid = Noget af det, der blev sendt, er ikke i orden. Intet er ændret.
problem-refused = Forespørgslen blev afvist.
problem-stale = Det er ændret, siden du hentede det. Hent det igen, og lav din ændring på ny.
problem-precondition-required = Send ETag'en for det, du så, som If-Match, så ingens ændring bliver overskrevet.
problem-key-reused = Denne Idempotency-Key er før brugt til en anden forespørgsel.
problem-too-large = Indholdet er større end tilladt.
problem-too-slow = Indholdet var for længe undervejs.
problem-uri-too-long = Adressen er længere end tilladt.
problem-unsupported-media = Indholdet er af en type, der ikke tages imod her.
problem-slow-down = For mange forsøg. Vent { $seconds ->
    [one] { $seconds } sekund
   *[other] { $seconds } sekunder
 }.
problem-busy = Tjenesten har travlt. Prøv igen om { $seconds ->
    [one] { $seconds } sekund
   *[other] { $seconds } sekunder
 }.
problem-no-database = Databasen kan ikke nås lige nu.
problem-unexpected = Noget gik galt hos os. Intet er ændret. Oplys forespørgslens id, når du beder om hjælp.
problem-secretariat-only = Det må kun programmets sekretariat.
problem-holder-only = Det må kun projektholderen eller sekretariatet.
problem-operator-only = Det må kun den, der driver tjenesten.
problem-account-only = Det kan kun gøres af en konto, der er logget ind.
problem-whole-programme-only = Det kan kun ses af dem, der ser hele programmet.
problem-whole-project-only = Det kan kun ses af dem, der ser hele projektet.

# Fejl: hvad der er galt med en del af det indsendte.
fault-not-json = Dette er ikke JSON (linje { $line }, kolonne { $column }).
fault-required = Dette mangler.
fault-unknown-field = Feltet findes ikke.
fault-wrong-type = Dette kan ikke læses: { $found }.
fault-nul = Tekst må ikke indeholde NUL-tegnet.
fault-length = Længden skal være fra { $min } til { $max }.
fault-range = Tallet skal være fra { $min } til { $max }.
fault-email = Dette er ikke en mailadresse.
fault-not-a-cursor = Denne markør er ikke givet af denne liste.
fault-taken = Dette er allerede optaget.
fault-not-a-code = En kode er 1 til 64 små bogstaver, cifre, - og _.
fault-not-digits = Dette skal være { $length } cifre.
fault-unknown-code = »{ $value }« findes ikke i kodelisten { $list }.
fault-retired-code = »{ $value }« er udgået og kan ikke længere vælges.
fault-unknown-organisation = »{ $value }« er ikke en organisation i dette program.
fault-not-a-tree = Kodelisten { $list } har ingen niveauer.
fault-circle = En kode kan ikke stå under sig selv.
fault-blank = Tekst må ikke være blank.
fault-not-a-whole-number = Her skal stå et helt tal.
fault-not-a-number = Her skal stå et tal.
fault-not-a-boolean = Her skal stå true eller false.
fault-not-text = Her skal stå tekst.
fault-not-a-list = Her skal stå en liste.
fault-not-a-date = Her skal stå en dato som 2022-12-31.
fault-not-a-time = Her skal stå et tidspunkt med afstand til UTC, som 2027-01-01T08:00:00+01:00.
fault-not-an-id = Her skal stå et id.
fault-not-an-object = Her skal stå et objekt.
fault-not-one-of = »{ $value }« er ikke en af { $allowed }.
fault-given-twice = Dette er givet to gange.
fault-day-out-of-range = Året skal være fra 1900 til 2199.

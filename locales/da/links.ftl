# Spørgeskemaer og deres versioner.
problem-questionnaire-closed = Spørgeskemaet er lukket og kan hverken ændres eller deles ud mere.
problem-nothing-published = Der er endnu ikke udgivet noget af spørgeskemaet.
problem-draft-is-published = Kladden er magen til den nyeste version, så der er intet at udgive.
problem-has-answers = Spørgeskemaet er blevet besvaret. Det kan lukkes, men ikke slettes.
problem-core-question-used = Et udgivet spørgeskema stiller dette kernespørgsmål, så det kan ikke længere ændres. Lad det udgå, og lav et nyt.
fault-core-code-fixed = Et kernespørgsmål beholder sin kode.
fault-no-ready-questionnaire = Der er ikke noget færdigt spørgeskema »{ $value }«.
fault-from-or-definition = Skriv enten selve spørgeskemaet eller det færdige, som det begynder som.
fault-never-adds-up = Svar på et kernespørgsmål lægges sammen, så det kan hverken være fritekst eller mellemtekst.
fault-not-in-the-bank = Et kernespørgsmål står for sig selv i banken; dette hører til i det spørgeskema, der stiller det.

# Links.
problem-link-planned = Det er for tidligt at svare: der er ikke åbnet endnu.
problem-link-closed = Linket er lukket.
problem-link-full = Der er modtaget så mange svar, som der må.
problem-link-without-codes = Linket er åbent for alle, der har det, så det skal ikke bruge koder.
problem-other-organisations-link = Du må kun dele links ud for din egen organisation.
fault-other-project = Spørgeskemaet kan ikke deles ud i dette projekt.
fault-free-text-for-pupils = Spørgeskemaet beder om fritekst og er ikke indstillet til at bede elever om det.
fault-closes-before-it-opens = Det ville lukke, før det åbner.
fault-closes-in-the-past = Dette tidspunkt er passeret.
fault-not-a-moment = Året skal være fra 1970 til 9998.
fault-language-not-offered = Spørgeskemaet findes ikke på »{ $value }«. Det findes på: { $offered }.
fault-not-an-origin = Dette er ikke en oprindelse. Skriv https://www.eksempel.dk, med port hvis der er en, og intet efter den.
fault-too-many-origins = Højst { $max } oprindelser.
fault-fixed-by-answers = Der er allerede svar, så dette kan ikke længere ændres.
fault-too-many-codes = Et link kan højst have 500 koder, der ikke er brugt: { $left } mere.

# Svar.
fault-response-differs = Der er tidligere modtaget andre svar fra denne formular. Åbn en ny formular for at svare en gang til.
fault-not-a-random-id = Svarets id skal være et tilfældigt UUID (version 4), som hver formular laver for sig selv. Ellers kan to få det samme, og det ene svar går tabt.
fault-code-not-good = Koden gælder ikke. Måske er den allerede brugt.

# Svar på papir.
fault-not-on-paper = Kun valg kan tælles op fra papir.
fault-only-of-several = Det har kun et spørgsmål med flere valg.
fault-more-than-asked = Tallene giver { $sum } i alt, og kun { $asked } blev spurgt.
fault-fewer-than-answered = Tallene giver { $sum } i alt, og { $answered } har svaret.

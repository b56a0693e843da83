# Spørgeskemaets definition.
fault-number-of = Her skal være fra { $min } til { $max } { $of ->
    [languages] sprog
    [questions] spørgsmål
    [options] svarmuligheder
    [steps] svarmuligheder ud over »ved ikke«
    [statements] udsagn
    [conditions] betingelser
   *[other] stykker
 }.
fault-stands-twice = »{ $value }« står her to gange.
fault-too-long = Teksten må højst være { $max } tegn.
fault-not-a-question-code = Koden for et spørgsmål er 1 til 40 af a-z, cifre og _ og begynder med et bogstav.
fault-not-an-option-code = Koden for en svarmulighed er 1 til 40 af a-z, cifre og _.
fault-not-a-language = »{ $value }« er ikke et sprog. Skriv for eksempel da, en eller pt-BR.
fault-text-missing = Teksten mangler på sproget { $language }.
fault-language-not-listed = Spørgeskemaet har ikke sproget { $language }.
fault-asks-nothing = Spørgeskemaet spørger ikke om noget.
fault-section-asks-nothing = En mellemtekst spørger ikke om noget, så det kan den ikke have.
fault-dont-know-of-several = »Ved ikke« kan ikke vælges sammen med andre svar.
fault-dont-know-not-last = »Ved ikke« står sidst, efter skalaen.
fault-dont-know-twice = Der kan kun være ét »ved ikke«.
fault-dont-know-positive = »Ved ikke« kan ikke tælle som positivt.
fault-too-many-for-faces = Der er kun ansigter til { $max } svarmuligheder på en skala.
fault-max-below-min = Det højeste er mindre end det laveste.
fault-decimals = Tallet må højst have { $decimals } decimaler.
fault-free-text-off = Elever kan kun svare med fri tekst, hvis spørgeskemaet er slået til for det.
fault-unknown-subject = »{ $value }« er ikke et spørgsmål eller en række i en matrix (skriv matrix.række).
fault-not-earlier = »{ $value }« bliver ikke stillet før dette spørgsmål.
fault-not-a-choice = »{ $value }« har ingen svarmuligheder at vælge mellem.
fault-condition-too-deep = Betingelser kan højst stå { $max } niveauer inde i hinanden.
fault-unknown-core = »{ $value }« er ikke et af programmets kernespørgsmål.
fault-core-altered = Kernespørgsmålet »{ $value }« er låst og skal stå, som programmet har det.

# Besvarelsen.
fault-unknown-question = Spørgeskemaet har ikke det spørgsmål.
fault-unknown-statement = Spørgsmålet har ikke den række.
fault-not-asked = Spørgsmålet bliver ikke stillet efter de svar, der er givet før det.
fault-not-one-option = Svaret skal være koden for én svarmulighed.
fault-not-an-option = »{ $value }« er ikke en af svarmulighederne.
fault-number-chosen = Vælg fra { $min } til { $max } svar.
fault-not-a-grid = Svaret skal have et svar for hver række.
fault-not-a-text = Svaret skal være en tekst.

# Andele og optællinger af positive svar.
fault-unknown-questionnaire = »{ $value }« er ikke et spørgeskema, som indikatoren kan bruge.
fault-asks-none-of-them = Spørgeskemaet »{ $value }« stiller ingen af spørgsmålene med de positive svar.
fault-one-of-several = Hvor der kan vælges flere svar, kan kun ét være positivt: ellers tæller nogle to gange.
fault-asked-together = En version af et spørgeskema stiller både »{ $value }« og »{ $other }«: den, der svarer på begge, ville tælle to gange. Angiv kun det ene.
fault-base-is-question = Grundlaget skal være et andet spørgsmål end det, der måles.
fault-base-of-several = Grundlaget skal være et spørgsmål med ét svar.
problem-crossed-otherwise = Spørgsmålet opdeles allerede efter et andet grundlag, eller grundlaget afhænger selv af spørgsmålet. To grundlag for samme spørgsmål kunne trækkes fra hinanden og vise enkelte personer. Et grundlag kan rettes, så længe ingen svar opdelt efter det er frigivet og ingen anden indikator i brug har det.
problem-questionnaire-open = Besvarelser gives kun række for række, når spørgeskemaet og alle dets links er lukket.

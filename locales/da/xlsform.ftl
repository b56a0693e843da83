# Spørgeskemaer som regneark: hvad der ikke kan tages med.
fault-xlsform-unreadable = Det er ikke en Excel-projektmappe (.xlsx), der kan læses.
fault-xlsform-too-large = Projektmappen fylder mere end { $max } MB, når den er pakket ud.
fault-xlsform-too-many-cells = Et ark må højst have { $rows } rækker og { $columns } kolonner.
fault-xlsform-error-cell = Cellen indeholder en fejl: { $value }.
fault-xlsform-no-sheet = Projektmappen har ikke noget ark »{ $value }«.
fault-xlsform-no-column = Arket har ikke nogen kolonne »{ $value }«.
fault-xlsform-language = »{ $value }« er ikke et sprog. Skriv for eksempel label::Dansk (da).
fault-xlsform-type = Spørgsmål af typen »{ $value }« kan ikke stilles her.
fault-xlsform-no-list = Arket choices har ikke nogen liste »{ $value }«.
fault-xlsform-flag = »{ $value }« skal være yes eller no.
fault-xlsform-condition = Denne del af betingelsen kan ikke tages med: { $value }. En betingelse sammenligner tidligere spørgsmål med deres svarmuligheder, med and, or og not().
fault-xlsform-constraint = Begrænsningen kan ikke tages med: { $value }. Den kan begrænse et tal (. >= 0 and . <= 10), hvor mange der vælges (count-selected(.) <= 3), eller længden af en tekst (string-length(.) <= 200).
fault-xlsform-parameters = »{ $value }« kan ikke tages med. Skriv start=0 end=10 step=1; step skal være 1, 0.1, 0.01 eller 0.001.
fault-xlsform-not-taken = »{ $value }« kan ikke tages med, og uden den ville spørgsmålet være et andet.
fault-xlsform-reference = Teksten gentager svaret på »{ $value }«. Det kan ikke lade sig gøre her.
fault-xlsform-nothing-to-end = Her er ikke nogen gruppe at slutte.
fault-xlsform-never-ended = Gruppen bliver aldrig sluttet.
fault-xlsform-groups-too-deep = Grupper kan højst stå { $max } niveauer inde i hinanden.

# Hvad der blev udeladt eller ændret.
fault-xlsform-left-out = Kolonnen »{ $value }« blev udeladt.
fault-xlsform-renamed = »{ $value }« hedder { $to } her.
fault-xlsform-meta = »{ $value }« blev udeladt: Der noteres intet om, hvem der svarer, og hvornår.
fault-xlsform-bounds = Der står intet om det mindste eller største tal, så der tages tal fra { $min } til { $max }.

problem-too-much-for-a-cell = En betingelse i spørgeskemaet er længere, end der er plads til i en celle.

# Konti: login, invitationer, roller.
problem-sign-in = Log ind først.
problem-bad-token = Adgangsnøglen er ikke udstedt af denne tjeneste eller kan ikke læses. Log ind igen.
problem-token-expired = Adgangsnøglen er udløbet. Hent en ny med fornyelsesnøglen.
problem-session-ended = Sessionen er afsluttet. Log ind igen.
problem-wrong-credentials = Mailadresse eller adgangskode er forkert.
problem-account-disabled = Kontoen er spærret. Spørg den, der driver tjenesten.
problem-account-is-disabled = Kontoen er spærret, så der kan ikke laves et link til den.
problem-account-elsewhere = Kontoen har også roller i programmer, som du ikke er sekretariat for. Bed den, der driver tjenesten, om at lave linket.
problem-already-member = Kontoen med denne mailadresse har allerede rollen.
problem-invitation-over = Invitationen er brugt, trukket tilbage eller udløbet. Bed sekretariatet om en ny.
problem-sign-in-first = Der findes en konto med denne mailadresse. Log ind på den, og tag imod invitationen derfra.
problem-reset-over = Linket er brugt eller udløbet. Bed sekretariatet om et nyt.
problem-last-secretariat = Programmet skal have et sekretariat: det sidste kan ikke fjernes.
problem-not-for-tokens = Et maskintoken lukkes ikke ind her. Et token til læsning henter tabeller og tal, et til import indberetter optællinger.
problem-machine-token-over = Maskintokenet er tilbagekaldt, eller dets sidste dag er forbi. Bed om et nyt.

fault-password-repeats = Adgangskoden gentager et kort stykke. Vælg noget, andre ikke ville gætte, for eksempel en sætning.
fault-password-in-a-row = Adgangskoden følger mest tastaturet, alfabetet eller talrækken. Vælg noget, andre ikke ville gætte, for eksempel en sætning.
fault-password-own-name = Adgangskoden består mest af dit navn, din mailadresse eller tjenestens navn.
fault-password-known = Adgangskoden består mest af ord, der gættes først. Vælg noget, andre ikke ville gætte, for eksempel en sætning.
fault-wrong-password = Det er ikke kontoens adgangskode.
fault-not-for-role = Dette hører ikke til rollen { $role }.
fault-not-in-programme = Det findes ikke i dette program.
fault-ends-between = Vælg en sidste dag fra { $from } til { $to }.

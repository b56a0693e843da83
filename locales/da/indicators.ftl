# Indikatorer, måltal, værdier og målopfyldelse.
problem-indicator-retired = Indikatoren er udgået og tager ikke imod nye måltal eller værdier.
problem-proposal-open = Et foreslået måltal venter allerede på sekretariatet. Det skal først afgøres eller trækkes tilbage.
problem-already-decided = Forslaget er allerede afgjort.
problem-proposer-only = Kun den, der har stillet forslaget, kan trække det tilbage.
problem-value-withdrawn = Værdien er allerede trukket tilbage.

fault-not-positive = Tallet skal være større end 0.
fault-too-much = Tallet må højst være { $max }.
fault-negative = Tallet må ikke være under 0.
fault-below-minimum = Den øvre grænse må ikke være under den nedre, { $min }.
fault-too-many-decimals = Højst { $max } decimaler.
fault-parts-not-for-shape = Kun et måltal af formen at_least kan fordeles på organisationer.
fault-parts-do-not-add-up = Delene giver tilsammen { $sum } og ikke { $minimum }.
fault-organisation-twice = »{ $value }« har allerede en del.
fault-planned-not-for-shape = Et måltal af denne form har ingen plan over årene.
fault-above-target = Planen må ikke ligge over måltallet, { $max }.
fault-dates-not-ascending = Datoen skal være senere end den foregående.
fault-figures-fall = Tallet er det, der i alt er nået, og må ikke være mindre end det foregående.
fault-shape-not-for-source = Et måltal af denne form passer ikke til en indikator, hvis kilde er { $source }.
fault-no-counts-to-filter = En indikator, hvis kilde er { $source }, tager ikke deltagertal med.
fault-not-posted-by-hand = Tallet for en indikator, hvis kilde er { $source }, indberettes ikke i hånden.
fault-after-today = Datoen må ikke ligge efter i dag, { $today }.
problem-indicator-has-past = Hvad indikatoren tæller, kan kun ændres den dag, den er oprettet: tidligere tal ville ændre sig. Lad den udgå, og opret en ny.
fault-before-earlier-revision = Et tidligere måltal gælder fra { $day }; dette skal gælde fra samme dag eller senere.
fault-not-a-partner = »{ $value }« er hverken projektholder eller partner i projektet.

# Svar som kilde.
fault-no-answers-to-take = Kun en indikator med kilden survey tager svar; denne har { $source }.
fault-measure-not-for-target = En andel holdes op mod et måltal i procent, et antal mod et måltal i tal; målet { $measure } passer ikke til måltallet.

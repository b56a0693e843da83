# Låste perioder.
problem-period-locked = Perioden er indberettet og godkendt, og derfor låst. Sekretariatet kan åbne den for rettelser.
problem-opening-ended = Perioden er ikke længere åben for rettelser.
fault-period-locked = Perioden { $from } til { $to } er indberettet og godkendt, og derfor låst. Sekretariatet kan åbne den for rettelser.
fault-nothing-locked = Projektet har ingen låste dage i denne periode.
fault-day-has-passed = Dagen er gået; i dag er { $today }.
fault-open-too-long = En låst periode kan højst være åben for rettelser i et år, til og med { $latest }.

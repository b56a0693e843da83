problem-code-in-use = Koden er i brug og kan ikke slettes. Lad den udgå i stedet.
problem-organisation-in-use = Organisationen er i brug og kan ikke slettes. Lad den udgå i stedet.
problem-code-has-past = Koden er i brug i optællinger eller indikatorer og kan ikke flyttes: tidligere tal ville ændre sig. Lad den udgå, og opret en ny.

problem-code-in-use = Koden er i brug og kan ikke slettes. Lad den udgå i stedet.
problem-organisation-in-use = Organisationen er i brug og kan ikke slettes. Lad den udgå i stedet.

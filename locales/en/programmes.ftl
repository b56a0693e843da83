problem-code-in-use = The code is in use and can't be deleted. Retire it instead.
problem-organisation-in-use = The organisation is in use and can't be deleted. Retire it instead.

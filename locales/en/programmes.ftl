problem-code-in-use = The code is in use and can't be deleted. Retire it instead.
problem-organisation-in-use = The organisation is in use and can't be deleted. Retire it instead.
problem-code-has-past = The code is used by counts or indicators and can not be moved: figures of the past would change. Retire it and make a new one.

problem-code-in-use = The code is in use and can't be deleted. Retire it instead.
problem-organisation-in-use = The organisation is in use and can't be deleted. Retire it instead.
problem-code-has-past = The code is used by counts or indicators and can not be moved: figures of the past would change. Retire it and make a new one.
problem-round-in-use = The round has applications or grants and can't be taken out.
problem-application-is-project = The application has become a project.
problem-application-not-granted = The application was not granted, so it can't become a project.
problem-fact-withdrawn = The figure is withdrawn already.

fault-code-fixed = A code is chosen once and can't be changed.
fault-unknown-round = “{ $value }” is not a round of this programme.
fault-one-applicant = Name the applicant in one way: an organisation of the programme, or a name.
fault-nothing-granted = There can be no amount here: no money is given.
fault-gives-no-education = An organisation of the kind { $value } has no education type.

problem-activity-in-use = The activity has counts or indicators, and can't be deleted.

fault-chosen-twice = “{ $value }” is chosen already.
fault-ends-before-start = The period can't end before it starts ({ $start }).
fault-not-later = An extension must end later than the end before it ({ $end }).
fault-unknown-application = “{ $value }” is not an application of this programme.
fault-not-granted = The application “{ $value }” was not granted.
fault-application-used = The application “{ $value }” has become a project already.
fault-other-round = The application is of the round “{ $value }”.
fault-below-its-parts = Grants and co-financing are { $sum } øre together, more than the whole budget.
fault-applicant-not-registered = The applicant is not an organisation of the programme. Name the holder.
fault-one-project = Name either the code of a new project or a project that exists.
fault-project-exists = The project exists and only gets its grant. Leave everything else out.

# Spending.
problem-spending-withdrawn = The figure is withdrawn already.

# Requests for changes.
problem-request-open = A request for the same is waiting for the secretariat already.
problem-request-decided = The request is decided or withdrawn already.
problem-request-outdated = The project was changed since the request was made, so it can't be agreed to. Refuse it, or have a new one made.
problem-requester-only = Only whoever made the request can take it back.
fault-changes-nothing = That changes nothing.
fault-one-amount-each = Give one amount for each grant: the project has { $count }.

# Counts of participants.
problem-counters-only = Participants are counted by the project's holder, the secretariat or a contributor.
problem-other-organisation = You may post your own organisation's counts only.
problem-already-withdrawn = The count is withdrawn already.

fault-unknown-activity = The project has no activity “{ $value }”.
fault-one-period = Give the period in exactly one way: start and end, calendar year, school year or project year.
fault-period-backwards = The period ends before it starts.
fault-project-start-unknown = It is not known when the project starts. Give the first day of the period.
fault-in-the-future = The period starts after today, { $today }.
fault-overlap = The period overlaps one that is posted for the same already: { $from } to { $to }.
fault-twice = The same count is there twice.
fault-gender-sum = Women, men and other gender together are more than the participants.
fault-below-so-far = { $total } so far is less than the { $standing } that are posted for the time before.
fault-no-figure-before = The figure so far can't be divided, since an earlier period doesn't have this figure.
fault-against-so-far = This contradicts the { $total } that are posted as so far up to { $to }. Correct those first, or together with this.
fault-too-far-ahead = The period ends more than two years ahead.

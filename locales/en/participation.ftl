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

# Files of counts.
fault-not-csv = The file can't be read as CSV.
fault-empty-file = The file is empty.
fault-too-many-rows = The file has more than { $max } rows. Divide it.
fault-unknown-column = The column “{ $value }” is not known.
fault-column-twice = “{ $value }” says the same as another column.
fault-column-missing = This column is missing.
fault-cells = The row has { $found } cells; the header has { $expected }.
fault-unknown-project = “{ $value }” is not a project that you can see in this programme.
fault-not-yours = You may not post counts for this project.
fault-other-organisation = You may post your own organisation's counts only.
fault-unknown-counting = “{ $value }” is neither unique (unikke deltagere) nor attendances (deltagelser).
fault-not-a-figure = “{ $value }” is not a whole number. Write it without a thousands separator.
fault-not-a-period = “{ $value }” is not a period. Write 2022 for a calendar year or 2022/2023 for a school year.
fault-not-a-day = “{ $value }” is not a date. Write 2022-12-31 or 31-12-2022.
fault-not-yes-or-no = “{ $value }” is neither yes nor no.
fault-too-far-ahead = The period ends more than two years ahead.
fault-no-rows = The file has a header and no rows.

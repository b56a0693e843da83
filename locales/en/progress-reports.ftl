# Locked periods.
problem-period-locked = The period is reported and approved, and therefore locked. The secretariat can open it for corrections.
problem-opening-ended = The period is not open for corrections any more.
fault-period-locked = The period { $from } to { $to } is reported and approved, and therefore locked. The secretariat can open it for corrections.
fault-nothing-locked = The project has no locked days in this period.
fault-day-has-passed = The day has passed; today is { $today }.
fault-open-too-long = A locked period can be open for corrections for a year at the most, up to { $latest }.

# Progress reports.
problem-report-there-already = The project has such a report for that period already.
problem-report-not-open = The report is not with the project's holder any more, and can't be changed.
problem-report-not-submitted = The report is not submitted.
problem-period-not-over = The report can be submitted from the last day of its period on.
fault-not-in-project = The project has no such indicator.
fault-indicator-twice = The indicator is there already.
fault-differs-without-comment = The assessment differs from the suggested one. Write why.
fault-not-overdue = The report is not overdue.

# Reminders.
reminder-kind-annual = progress report
reminder-kind-final = final report
reminder-subject = Reminder: { $kind } of { $project }
reminder-text =
    Dear project holder

    Your { $kind } of the project “{ $project }” for the period { $from } to { $to } is missing. It was due on { $due }.

    Write and submit it here: { $address }

    The figures are filled in from what was posted. Correct those first if something is missing.

    Kind regards
    The secretariat

# The suggested assessment, for each target.
assessment-reached = The target is reached: { $actual } of { $target }.
assessment-above-range = { $actual } is reached, more than was promised.
assessment-on-plan = { $actual } of { $target }; { $expected } was planned by now.
assessment-behind-plan = { $actual } of { $target }; somewhat less than the { $expected } planned by now.
assessment-far-behind-plan = { $actual } of { $target }; much less than the { $expected } planned by now.
assessment-not-due-yet = Nothing is planned before { $day }.
assessment-not-begun = The project's period has not begun.
assessment-on-time = { $actual } of { $target }, and { $passed } % of the period has passed.
assessment-behind-time = { $actual } of { $target }, and { $passed } % of the period has passed: somewhat behind.
assessment-early-in-period = { $actual } of { $target }, and { $passed } % of the period has passed: behind, but most of it is still to come.
assessment-far-behind-time = { $actual } of { $target }, and { $passed } % of the period has passed: far behind.
assessment-nearly-reached = { $actual } of { $target }: close to the target.
assessment-not-reached = { $actual } of { $target }: far from the target.
assessment-period-unknown = { $actual } of { $target }. There is no plan over the years and the project's period is not known, so it can't be said what should have been reached by now.
assessment-missing = The figure is missing.
assessment-only-broader = { $actual } are counted at a broader level only, and nobody knows how many of them belong here. The figure is missing.
assessment-hidden = The figure is hidden for the sake of anonymity, and does not count against the project.
assessment-no-target = Nothing is promised.

# The suggested assessment of the whole project.
assessment-of-one = “{ $title }”: { $reason }
assessment-overall = The targets: { $good } come along well, { $acceptable } acceptably, { $slow } slowly. Figures missing: { $missing }. Not to be judged yet: { $open }.
assessment-too-little-known = Nothing is suggested, since more targets lack a figure than can be judged. The targets: { $good } come along well, { $acceptable } acceptably, { $slow } slowly. Figures missing: { $missing }. Not to be judged yet: { $open }.
assessment-nothing-to-judge = None of the targets can be judged yet, so nothing is suggested.

# A progress report as a page.
progress-report-kind-annual = Progress report
progress-report-kind-final = Final report
progress-report-project = Project
progress-report-period = Period
progress-report-state = State
progress-report-due = Due on
progress-report-submitted = Submitted on
progress-report-decided = Decided on
progress-report-source = Known from
progress-report-audit-number = Entry in the audit trail
progress-report-audit-head = Head of the audit trail at approval
progress-report-is-requested = asked for
progress-report-is-draft = draft
progress-report-is-submitted = submitted
progress-report-is-returned = returned
progress-report-is-approved = approved
progress-report-is-withdrawn = withdrawn
progress-report-is-reported = known from another report
progress-report-assessment = Assessment
progress-report-decision = The secretariat's decision
progress-report-undecided = not decided
progress-report-holder = The holder
progress-report-suggested = Suggested from the figures
progress-report-why-suggested = Why it is suggested
progress-report-holder-comment = The holder's comment
progress-report-decision-comment = The secretariat's comment
progress-report-figures = Targets and what was reached
progress-report-basis-frozen = By { $day }, as they were frozen when the report was submitted.
progress-report-basis-open = By { $day }, as they stand now: they are frozen when the report is submitted.
progress-report-no-indicators = The project has no indicators.
progress-report-indicator = Indicator
progress-report-reached = Reached
progress-report-changes = Corrected since
progress-report-then = In the report
progress-report-now = Now
progress-report-target-then = Target in the report
progress-report-target-now = Target now
progress-report-narrative = What was done
progress-report-learnings = Learnings
progress-report-deviations = What went otherwise than planned
progress-report-not-written = Nothing is written.

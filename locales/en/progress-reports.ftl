# Locked periods.
problem-period-locked = The period is reported and approved, and therefore locked. The secretariat can open it for corrections.
problem-opening-ended = The period is not open for corrections any more.
fault-period-locked = The period { $from } to { $to } is reported and approved, and therefore locked. The secretariat can open it for corrections.
fault-nothing-locked = The project has no locked days in this period.
fault-day-has-passed = The day has passed; today is { $today }.
fault-open-too-long = A locked period can be open for corrections for a year at the most, up to { $latest }.

problem-activity-in-use = The activity has counts or indicators, and can't be deleted.

fault-code-fixed = A project's code can't be changed.
fault-chosen-twice = “{ $value }” is chosen already.
fault-ends-before-start = The period can't end before it starts ({ $start }).
fault-not-later = An extension must end later than the end before it ({ $end }).

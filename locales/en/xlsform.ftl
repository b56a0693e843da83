# Questionnaires as workbooks: what can't be taken.
fault-xlsform-unreadable = This is no Excel workbook (.xlsx) that can be read.
fault-xlsform-too-large = The workbook unpacks to more than { $max } MB.
fault-xlsform-too-many-cells = A sheet may have at most { $rows } rows and { $columns } columns.
fault-xlsform-error-cell = The cell holds an error: { $value }.
fault-xlsform-no-sheet = The workbook has no sheet “{ $value }”.
fault-xlsform-no-column = The sheet has no column “{ $value }”.
fault-xlsform-language = “{ $value }” is not a language. Write label::Dansk (da), say.
fault-xlsform-type = Questions of the type “{ $value }” can't be asked here.
fault-xlsform-no-list = The sheet choices has no list “{ $value }”.
fault-xlsform-flag = “{ $value }” must be yes or no.
fault-xlsform-condition = This part of the condition can't be taken: { $value }. A condition compares earlier questions with their options, with and, or and not().
fault-xlsform-constraint = The constraint can't be taken: { $value }. It can bound a number (. >= 0 and . <= 10), how many are chosen (count-selected(.) <= 3), or the length of a text (string-length(.) <= 200).
fault-xlsform-parameters = “{ $value }” can't be taken. Write start=0 end=10 step=1; the step must be 1, 0.1, 0.01 or 0.001.
fault-xlsform-not-taken = “{ $value }” can't be taken, and without it the question would be another.
fault-xlsform-reference = The text repeats an answer to “{ $value }”. That can't be done here.
fault-xlsform-nothing-to-end = There is no group here to end.
fault-xlsform-never-ended = The group is never ended.
fault-xlsform-groups-too-deep = Groups can stand at most { $max } levels within each other.

# What was left out or changed.
fault-xlsform-left-out = The column “{ $value }” was left out.
fault-xlsform-renamed = “{ $value }” is called { $to } here.
fault-xlsform-meta = “{ $value }” was left out: nothing is noted down of who answers, and when.
fault-xlsform-bounds = Nothing is said of the least or the largest number, so it takes those from { $min } to { $max }.

problem-too-much-for-a-cell = A condition of the questionnaire is longer than a cell of a workbook can hold.

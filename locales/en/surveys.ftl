# The questionnaire's definition.
fault-number-of = There must be from { $min } to { $max } { $of ->
    [languages] languages
    [questions] questions
    [options] options
    [steps] options besides “don't know”
    [statements] statements
    [conditions] conditions
   *[other] items
 } here.
fault-stands-twice = “{ $value }” stands here twice.
fault-too-long = The text may be at most { $max } characters.
fault-not-a-question-code = A question's code is 1 to 40 of a-z, digits and _, and starts with a letter.
fault-not-an-option-code = An option's code is 1 to 40 of a-z, digits and _.
fault-not-a-language = “{ $value }” is not a language. Write da, en or pt-BR, say.
fault-text-missing = The text is missing in the language { $language }.
fault-language-not-listed = The questionnaire is not offered in the language { $language }.
fault-asks-nothing = The questionnaire asks nothing.
fault-section-asks-nothing = A section asks nothing, so it can't have this.
fault-dont-know-of-several = “Don't know” can't be chosen together with other answers.
fault-dont-know-not-last = “Don't know” comes last, after the scale.
fault-dont-know-twice = There can be only one “don't know”.
fault-dont-know-positive = “Don't know” can't count as positive.
fault-too-many-for-faces = There are faces for only { $max } options of a scale.
fault-max-below-min = The most is less than the least.
fault-decimals = The number may have at most { $decimals } decimals.
fault-free-text-off = Pupils can only answer in free text where the questionnaire is set to allow it.
fault-unknown-subject = “{ $value }” is neither a question nor a row of a grid (write grid.row).
fault-not-earlier = “{ $value }” is not asked before this question.
fault-not-a-choice = “{ $value }” has no options to choose from.
fault-condition-too-deep = Conditions can stand at most { $max } levels within each other.
fault-unknown-core = “{ $value }” is none of the programme's core questions.
fault-core-altered = The core question “{ $value }” is locked and must stand as the programme has it.

# The response.
fault-unknown-question = The questionnaire has no such question.
fault-unknown-statement = The question has no such row.
fault-not-asked = After the answers given before it, this question is not asked.
fault-not-one-option = The answer must be the code of one option.
fault-not-an-option = “{ $value }” is none of the options.
fault-number-chosen = Choose from { $min } to { $max } answers.
fault-not-a-grid = The answer must have an answer for each row.
fault-not-a-text = The answer must be a text.

# Shares and counts of positive answers.
fault-unknown-questionnaire = “{ $value }” is no questionnaire that the indicator can use.
fault-asks-none-of-them = The questionnaire “{ $value }” asks none of the questions with the positive answers.
fault-one-of-several = Where several answers can be chosen only one can be positive: otherwise some would count twice.
fault-asked-together = One version of a questionnaire asks “{ $value }” and “{ $other }”: who answers both would count twice. Name one of them only.
fault-base-is-question = The base must be another question than the one that is measured.
fault-base-of-several = The base must be a question with one answer.
problem-crossed-otherwise = The question is told apart by another base already, or the base itself hangs on the question. Two bases of one question could be subtracted and show single people. A base can be put right as long as no answers told apart by it are released and no other indicator in use has it.
problem-questionnaire-open = Responses are given row by row only when the questionnaire and all its links are closed.

# Questionnaires and their versions.
problem-questionnaire-closed = The questionnaire is closed, and can't be changed or handed out any more.
problem-nothing-published = Nothing of the questionnaire is published yet.
problem-draft-is-published = The draft is the same as the newest version, so there is nothing to publish.
problem-has-answers = The questionnaire has been answered. It can be closed, but not deleted.
problem-core-question-used = A published questionnaire asks this core question, so it can't be changed any more. Retire it and make a new one.
fault-core-code-fixed = A core question keeps its code.
fault-no-ready-questionnaire = There is no ready questionnaire “{ $value }”.
fault-from-or-definition = Write either the questionnaire itself or the ready one that it begins as.
fault-never-adds-up = Answers to a core question are added up, so it can be neither free text nor a section.
fault-not-in-the-bank = A core question stands by itself in the bank; this belongs to the questionnaire that asks it.

# Links.
problem-link-planned = It is too early to answer: this is not open yet.
problem-link-closed = The link is closed.
problem-link-full = This has taken as many answers as it may.
problem-link-without-codes = The link is open to all who have it, so it needs no codes.
problem-other-organisations-link = You may hand out links for your own organisation only.
fault-other-project = The questionnaire can't be handed out in this project.
fault-free-text-for-pupils = The questionnaire asks for free text, and is not set to ask that of pupils.
fault-closes-before-it-opens = It would close before it opens.
fault-closes-in-the-past = This moment has passed.
fault-not-a-moment = The year must be from 1970 to 9998.
fault-language-not-offered = The questionnaire is not offered in “{ $value }”. It is offered in: { $offered }.
fault-not-an-origin = This is not an origin. Write https://www.example.dk, with a port where there is one, and nothing after it.
fault-too-many-origins = At most { $max } origins.
fault-fixed-by-answers = There are answers already, so this can't be changed any more.
fault-too-many-codes = A link can have at most 500 codes that are not used yet: { $left } more.

# Answers.
fault-response-differs = Other answers were received from this form before. Open a fresh form to answer once more.
fault-not-a-random-id = The id must be a random UUID (version 4) that each form makes for itself. Otherwise two may have the same, and one answer is lost.
fault-code-not-good = This code is not good. It may have been used already.

# Answers on paper.
fault-not-on-paper = Only choices can be counted from paper.
fault-only-of-several = Only a multiple choice has this.
fault-more-than-asked = The counts add up to { $sum }, and only { $asked } were asked.
fault-fewer-than-answered = The counts add up to { $sum }, and { $answered } answered.

# Problems: why a request was refused as a whole.
problem-not-found = There is nothing here, or nothing that you may see.
problem-method-not-allowed = This address does not take that method.
problem-malformed = The request can't be read.
problem-invalid = Something in what was sent is not right. Nothing was changed.
problem-refused = The request was refused.
problem-stale = It has been changed since you fetched it. Fetch it again and make your change anew.
problem-precondition-required = Send the ETag of what you saw as If-Match, so that nobody's change is overwritten.
problem-key-reused = This Idempotency-Key was used before for another request.
problem-too-large = The body is larger than allowed.
problem-too-slow = The body took too long to arrive.
problem-uri-too-long = The address is longer than allowed.
problem-unsupported-media = The body is of a type that is not taken here.
problem-slow-down = Too many tries. Wait { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
 }.
problem-busy = The service is busy. Try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
 }.
problem-no-database = The database can't be reached right now.
problem-unexpected = Something went wrong on our side. Nothing was changed. Name the request id when you ask for help.
problem-secretariat-only = Only the programme's secretariat may do this.
problem-holder-only = Only the project's holder or the secretariat may do this.
problem-operator-only = Only the operator of the service may do this.
problem-account-only = Only a signed-in account may do this.
problem-whole-programme-only = Only those who see the whole programme may see this.
problem-whole-project-only = Only those who see the whole project may see this.

# Faults: what is wrong with one part of the input.
fault-not-json = This is not JSON (line { $line }, column { $column }).
fault-required = This is needed.
fault-unknown-field = There is no such field.
fault-wrong-type = This can't be read: { $found }.
fault-nul = Text may not hold the NUL character.
fault-length = The length must be from { $min } to { $max }.
fault-range = The figure must be from { $min } to { $max }.
fault-email = This is not a mail address.
fault-not-a-cursor = This cursor was not given by this list.
fault-taken = This is taken already.
fault-not-a-code = A code is 1 to 64 small letters, digits, - and _.
fault-not-digits = This must be { $length } digits.
fault-unknown-code = “{ $value }” is not in the code list { $list }.
fault-retired-code = “{ $value }” is retired and can't be chosen any more.
fault-unknown-organisation = “{ $value }” is not an organisation of this programme.
fault-not-a-tree = The code list { $list } has no levels.
fault-circle = A code can't stand below itself.
fault-blank = Text may not be blank.
fault-not-a-whole-number = A whole number is expected here.
fault-not-a-number = A number is expected here.
fault-not-a-boolean = true or false is expected here.
fault-not-text = Text is expected here.
fault-not-a-list = A list is expected here.
fault-not-a-date = A date such as 2022-12-31 is expected here.
fault-not-a-time = A moment with its distance to UTC, such as 2027-01-01T08:00:00+01:00, is expected here.
fault-not-an-id = An id is expected here.
fault-not-an-object = An object is expected here.
fault-not-one-of = “{ $value }” is none of { $allowed }.
fault-given-twice = This is given twice.
fault-day-out-of-range = The year must be from 1900 to 2199.

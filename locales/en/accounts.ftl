# Accounts: signing in, invitations, roles.
problem-sign-in = Sign in first.
problem-bad-token = The access token was not given by this service, or can't be read. Sign in again.
problem-token-expired = The access token has run out. Fetch a new one with the refresh token.
problem-session-ended = The session has ended. Sign in again.
problem-wrong-credentials = Mail address or password is wrong.
problem-account-disabled = The account is disabled. Ask whoever runs the service.
problem-account-is-disabled = The account is disabled, so no link can be made for it.
problem-account-elsewhere = The account also has roles in programmes that you do not run. Ask whoever runs the service to make the link.
problem-already-member = The account with this mail address has this role already.
problem-invitation-over = The invitation has been used or withdrawn, or has run out. Ask the secretariat for a new one.
problem-sign-in-first = There is an account with this mail address. Sign in to it, and accept the invitation from there.
problem-reset-over = The link has been used or has run out. Ask the secretariat for a new one.
problem-last-secretariat = Somebody must run the programme: its last secretariat can't be removed.
problem-not-for-tokens = A machine token is not let through here. A token for reading fetches tables and figures, one for importing posts counts.
problem-machine-token-over = The machine token has been revoked, or its last day is over. Ask for a new one.

fault-password-repeats = The password repeats one short piece. Choose something that others would not guess, a sentence for instance.
fault-password-in-a-row = The password mostly follows the keyboard, the alphabet or the numbers. Choose something that others would not guess, a sentence for instance.
fault-password-own-name = The password is mostly made of your name, your mail address or the name of the service.
fault-password-known = The password is mostly made of words that are guessed first. Choose something that others would not guess, a sentence for instance.
fault-wrong-password = This is not the account's password.
fault-not-for-role = This does not go with the role { $role }.
fault-not-in-programme = There is no such thing in this programme.
fault-ends-between = Choose a last day from { $from } to { $to }.

problem-activity-in-use = Aktiviteten har indberetninger eller indikatorer og kan ikke slettes.

fault-code-fixed = Et projekts kode kan ikke ændres.
fault-chosen-twice = »{ $value }« er allerede valgt.
fault-ends-before-start = Perioden kan ikke slutte, før den begynder ({ $start }).
fault-not-later = En forlængelse skal slutte senere end den slutdato, der gjaldt før ({ $end }).

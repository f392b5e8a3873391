-- What the scenario's namespaces are truly called, where a learner has namespaces of their own in a shared cluster.
ALTER TABLE attempts ADD COLUMN namespaces TEXT NOT NULL DEFAULT '{}';

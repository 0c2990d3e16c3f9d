-- The tables of schema version 1, as a project of version 1 has them. Never changed.

CREATE TABLE project (
	"key" TEXT NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_project PRIMARY KEY ("key")
);

CREATE TABLE migrations (
	version INTEGER NOT NULL,
	name TEXT NOT NULL,
	applied_at TEXT NOT NULL,
	CONSTRAINT pk_migrations PRIMARY KEY (version)
);

CREATE TABLE documents (
	number INTEGER NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	source_type TEXT NOT NULL,
	source_type_by TEXT,
	added_at TEXT NOT NULL,
	CONSTRAINT pk_documents PRIMARY KEY (number),
	CONSTRAINT uq_documents_id UNIQUE (id),
	CONSTRAINT uq_documents_name UNIQUE (name)
);

CREATE TABLE refusals (
	name TEXT NOT NULL,
	code TEXT NOT NULL,
	message TEXT NOT NULL,
	file_sha256 TEXT,
	at TEXT NOT NULL,
	CONSTRAINT pk_refusals PRIMARY KEY (name)
);

CREATE TABLE runs (
	number INTEGER NOT NULL,
	id TEXT NOT NULL,
	artefact TEXT NOT NULL,
	artefact_sha256 TEXT NOT NULL,
	framework TEXT NOT NULL,
	started_at TEXT NOT NULL,
	CONSTRAINT pk_runs PRIMARY KEY (number),
	CONSTRAINT uq_runs_id UNIQUE (id)
);

CREATE TABLE coders (
	name TEXT NOT NULL,
	first_seen_at TEXT NOT NULL,
	CONSTRAINT pk_coders PRIMARY KEY (name)
);

CREATE TABLE vectors (
	encoder_id TEXT NOT NULL,
	text_sha256 TEXT NOT NULL,
	dtype TEXT NOT NULL,
	width INTEGER NOT NULL,
	data BLOB NOT NULL,
	CONSTRAINT pk_vectors PRIMARY KEY (encoder_id, text_sha256)
);

CREATE TABLE revisions (
	number INTEGER NOT NULL,
	id TEXT NOT NULL,
	document_number INTEGER NOT NULL,
	file_sha256 TEXT NOT NULL,
	media_type TEXT NOT NULL,
	pages INTEGER,
	text TEXT NOT NULL,
	text_sha256 TEXT NOT NULL,
	extractor TEXT NOT NULL,
	created_at TEXT NOT NULL,
	CONSTRAINT pk_revisions PRIMARY KEY (number),
	CONSTRAINT uq_revisions_document_number_file_sha256 UNIQUE (document_number, file_sha256),
	CONSTRAINT uq_revisions_id UNIQUE (id),
	CONSTRAINT fk_revisions_document_number_documents FOREIGN KEY(document_number) REFERENCES documents (number)
);

CREATE TABLE events (
	sequence INTEGER NOT NULL,
	id TEXT NOT NULL,
	at TEXT NOT NULL,
	coder TEXT NOT NULL,
	action TEXT NOT NULL,
	subject TEXT NOT NULL,
	framework TEXT NOT NULL,
	run_id TEXT,
	payload TEXT NOT NULL,
	undoes INTEGER,
	CONSTRAINT pk_events PRIMARY KEY (sequence),
	CONSTRAINT uq_events_id UNIQUE (id),
	CONSTRAINT fk_events_coder_coders FOREIGN KEY(coder) REFERENCES coders (name),
	CONSTRAINT uq_events_undoes UNIQUE (undoes),
	CONSTRAINT fk_events_undoes_events FOREIGN KEY(undoes) REFERENCES events (sequence)
);

CREATE INDEX ix_events_coder ON events (coder, sequence);

CREATE INDEX ix_events_subject ON events (subject, coder, action, sequence);

CREATE TABLE current_revisions (
	document_number INTEGER NOT NULL,
	revision_number INTEGER NOT NULL,
	CONSTRAINT pk_current_revisions PRIMARY KEY (document_number),
	CONSTRAINT fk_current_revisions_document_number_documents FOREIGN KEY(document_number) REFERENCES documents (number),
	CONSTRAINT uq_current_revisions_revision_number UNIQUE (revision_number),
	CONSTRAINT fk_current_revisions_revision_number_revisions FOREIGN KEY(revision_number) REFERENCES revisions (number)
);

CREATE TABLE document_facts (
	revision_number INTEGER NOT NULL,
	unread_pages TEXT NOT NULL,
	warnings TEXT NOT NULL,
	metadata TEXT NOT NULL,
	CONSTRAINT pk_document_facts PRIMARY KEY (revision_number),
	CONSTRAINT fk_document_facts_revision_number_revisions FOREIGN KEY(revision_number) REFERENCES revisions (number)
);

CREATE TABLE exclusions (
	number INTEGER NOT NULL,
	revision_number INTEGER NOT NULL,
	text TEXT NOT NULL,
	reason TEXT NOT NULL,
	location TEXT NOT NULL,
	CONSTRAINT pk_exclusions PRIMARY KEY (number),
	CONSTRAINT fk_exclusions_revision_number_revisions FOREIGN KEY(revision_number) REFERENCES revisions (number)
);

CREATE INDEX ix_exclusions_revision_number ON exclusions (revision_number);

CREATE TABLE passages (
	number INTEGER NOT NULL,
	id TEXT NOT NULL,
	revision_number INTEGER NOT NULL,
	document_number INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	span_start INTEGER NOT NULL,
	span_end INTEGER NOT NULL,
	text TEXT NOT NULL,
	text_sha256 TEXT NOT NULL,
	folded TEXT,
	kind TEXT NOT NULL,
	location TEXT NOT NULL,
	heading_path TEXT NOT NULL,
	context TEXT,
	attributes TEXT NOT NULL,
	CONSTRAINT pk_passages PRIMARY KEY (number),
	CONSTRAINT uq_passages_revision_number_ordinal UNIQUE (revision_number, ordinal),
	CONSTRAINT ck_passages_span CHECK (span_start >= 0 AND span_end > span_start),
	CONSTRAINT uq_passages_id UNIQUE (id),
	CONSTRAINT fk_passages_revision_number_revisions FOREIGN KEY(revision_number) REFERENCES revisions (number),
	CONSTRAINT fk_passages_document_number_documents FOREIGN KEY(document_number) REFERENCES documents (number)
);

CREATE INDEX ix_passages_document_number ON passages (document_number);

CREATE TABLE suggestions (
	run_number INTEGER NOT NULL,
	passage_number INTEGER NOT NULL,
	none_probability FLOAT NOT NULL,
	abstained INTEGER NOT NULL,
	none_suggested INTEGER NOT NULL,
	top_statement TEXT,
	top_probability FLOAT,
	evidence_category TEXT,
	polarity TEXT,
	payload TEXT NOT NULL,
	CONSTRAINT pk_suggestions PRIMARY KEY (run_number, passage_number),
	CONSTRAINT fk_suggestions_run_number_runs FOREIGN KEY(run_number) REFERENCES runs (number),
	CONSTRAINT fk_suggestions_passage_number_passages FOREIGN KEY(passage_number) REFERENCES passages (number)
);

CREATE INDEX ix_suggestions_passage_number ON suggestions (passage_number);

CREATE TABLE suggested_codes (
	run_number INTEGER NOT NULL,
	passage_number INTEGER NOT NULL,
	kind TEXT NOT NULL,
	code TEXT NOT NULL,
	probability FLOAT NOT NULL,
	CONSTRAINT pk_suggested_codes PRIMARY KEY (run_number, passage_number, kind, code),
	CONSTRAINT fk_suggested_codes_run_number_runs FOREIGN KEY(run_number) REFERENCES runs (number),
	CONSTRAINT fk_suggested_codes_passage_number_passages FOREIGN KEY(passage_number) REFERENCES passages (number)
);

CREATE INDEX ix_suggested_codes_by_code ON suggested_codes (run_number, kind, code, passage_number);

CREATE INDEX ix_suggested_codes_passage_number ON suggested_codes (passage_number);

CREATE TABLE decisions (
	coder TEXT NOT NULL,
	passage_number INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	evidence_category TEXT,
	polarity TEXT,
	note TEXT,
	decided_at TEXT NOT NULL,
	CONSTRAINT pk_decisions PRIMARY KEY (coder, passage_number),
	CONSTRAINT fk_decisions_coder_coders FOREIGN KEY(coder) REFERENCES coders (name),
	CONSTRAINT fk_decisions_passage_number_passages FOREIGN KEY(passage_number) REFERENCES passages (number),
	CONSTRAINT uq_decisions_sequence UNIQUE (sequence),
	CONSTRAINT fk_decisions_sequence_events FOREIGN KEY(sequence) REFERENCES events (sequence)
);

CREATE INDEX ix_decisions_latest ON decisions (coder, sequence);

CREATE INDEX ix_decisions_passage ON decisions (passage_number, outcome);

CREATE INDEX ix_decisions_outcome ON decisions (coder, outcome, passage_number);

CREATE TABLE codings (
	passage_number INTEGER NOT NULL,
	coder TEXT NOT NULL,
	kind TEXT NOT NULL,
	code TEXT NOT NULL,
	verdict TEXT NOT NULL,
	evidence_category TEXT NOT NULL,
	polarity TEXT NOT NULL,
	CONSTRAINT pk_codings PRIMARY KEY (passage_number, coder, kind, code),
	CONSTRAINT fk_codings_passage_number_passages FOREIGN KEY(passage_number) REFERENCES passages (number),
	CONSTRAINT fk_codings_coder_coders FOREIGN KEY(coder) REFERENCES coders (name)
);

CREATE INDEX ix_codings_by_code ON codings (kind, code, verdict, evidence_category, passage_number, polarity);

CREATE TABLE queue_items (
	passage_number INTEGER NOT NULL,
	document_number INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	live INTEGER NOT NULL,
	likely_key FLOAT NOT NULL,
	uncertain_key FLOAT NOT NULL,
	suggested_category TEXT NOT NULL,
	CONSTRAINT pk_queue_items PRIMARY KEY (passage_number),
	CONSTRAINT fk_queue_items_passage_number_passages FOREIGN KEY(passage_number) REFERENCES passages (number),
	CONSTRAINT fk_queue_items_document_number_documents FOREIGN KEY(document_number) REFERENCES documents (number)
);

CREATE INDEX ix_queue_items_uncertain ON queue_items (uncertain_key, document_number, ordinal, passage_number, live);

CREATE INDEX ix_queue_items_likely ON queue_items (likely_key, document_number, ordinal, passage_number, live);

CREATE INDEX ix_queue_items_document ON queue_items (document_number, ordinal, passage_number, live);

CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only: no UPDATE'); END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only: no DELETE'); END;

CREATE TRIGGER events_in_sequence BEFORE INSERT ON events WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM events) BEGIN SELECT RAISE(ABORT, 'events are append-only: sequence must follow the last'); END;

INSERT INTO migrations VALUES (1, 'create', '2026-01-05T09:00:00.000000+00:00');

-- A database at 2026_11_24_opinions, with invented data. Frozen: never write it again.
BEGIN;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE clubs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	prefix TEXT NOT NULL, 
	name TEXT NOT NULL, 
	time_zone TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT ck_clubs_prefix CHECK (prefix GLOB '[A-Z]*' AND prefix NOT GLOB '*[^A-Z0-9]*' AND length(prefix) <= 16), 
	CONSTRAINT ck_clubs_version CHECK (version >= 0), 
	CONSTRAINT uq_clubs_prefix UNIQUE (prefix)
);
CREATE TABLE people (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	time_zone TEXT, 
	created_at DATETIME NOT NULL, 
	left_at DATETIME, joined_at DATETIME, standing TEXT DEFAULT 'ask' NOT NULL, shows_name BOOLEAN DEFAULT 1 NOT NULL, is_quiet BOOLEAN DEFAULT 0 NOT NULL, barred_at DATETIME, 
	CONSTRAINT fk_people_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE, 
	CONSTRAINT uq_people_club_id_id UNIQUE (club_id, id)
);
CREATE TABLE accounts (
	club_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	account_id TEXT NOT NULL, 
	name TEXT NOT NULL, unreachable_at DATETIME, linked_at DATETIME, roles_before TEXT, 
	CONSTRAINT pk_accounts PRIMARY KEY (club_id, person_id, platform), 
	CONSTRAINT ck_accounts_platform CHECK (platform IN ('discord', 'telegram', 'console')), 
	CONSTRAINT fk_accounts_club_id_person_id FOREIGN KEY(club_id, person_id) REFERENCES people (club_id, id) ON DELETE CASCADE, 
	CONSTRAINT uq_accounts_club_id_platform_account_id UNIQUE (club_id, platform, account_id)
);
CREATE TABLE roles (
	club_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	CONSTRAINT pk_roles PRIMARY KEY (club_id, person_id, role), 
	CONSTRAINT ck_roles_role CHECK (role IN ('organiser')), 
	CONSTRAINT fk_roles_club_id_person_id FOREIGN KEY(club_id, person_id) REFERENCES people (club_id, id) ON DELETE CASCADE
);
CREATE TABLE papers (
	id INTEGER NOT NULL, 
	club_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	current_revision INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, opinions INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_papers PRIMARY KEY (id), 
	CONSTRAINT fk_papers_current_revision FOREIGN KEY(club_id, id, current_revision) REFERENCES revisions (club_id, paper_id, number) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT ck_papers_number CHECK (number >= 0), 
	CONSTRAINT ck_papers_version CHECK (version >= 1), 
	CONSTRAINT fk_papers_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE, 
	CONSTRAINT uq_papers_club_id_code UNIQUE (club_id, code), 
	CONSTRAINT uq_papers_club_id_id UNIQUE (club_id, id), 
	CONSTRAINT uq_papers_club_id_number UNIQUE (club_id, number)
);
CREATE TABLE revisions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	title TEXT NOT NULL, 
	subtitle TEXT, 
	abstract TEXT, 
	category TEXT, 
	chapter TEXT, 
	date TEXT, 
	summary TEXT NOT NULL, 
	outline TEXT NOT NULL, 
	paper_authors TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by INTEGER, 
	CONSTRAINT ck_revisions_date CHECK (date GLOB '[0-9][0-9][0-9][0-9]' OR date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]' OR date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'), 
	CONSTRAINT ck_revisions_digest CHECK (length(digest) = 64), 
	CONSTRAINT ck_revisions_number CHECK (number >= 1), 
	CONSTRAINT fk_revisions_club_id_created_by FOREIGN KEY(club_id, created_by) REFERENCES people (club_id, id), 
	CONSTRAINT fk_revisions_club_id_paper_id FOREIGN KEY(club_id, paper_id) REFERENCES papers (club_id, id) ON DELETE CASCADE, 
	CONSTRAINT uq_revisions_club_id_id UNIQUE (club_id, id), 
	CONSTRAINT uq_revisions_club_id_paper_id_number UNIQUE (club_id, paper_id, number)
);
CREATE TABLE contacts (
	club_id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_contacts PRIMARY KEY (club_id, paper_id, name, kind, value), 
	CONSTRAINT ck_contacts_length CHECK (length(name) + length(kind) + length(value) <= 600), 
	CONSTRAINT fk_contacts_club_id_paper_id FOREIGN KEY(club_id, paper_id) REFERENCES papers (club_id, id) ON DELETE CASCADE
);
CREATE TABLE contributors (
	club_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	CONSTRAINT pk_contributors PRIMARY KEY (club_id, revision_id, position), 
	CONSTRAINT fk_contributors_club_id_revision_id FOREIGN KEY(club_id, revision_id) REFERENCES revisions (club_id, id) ON DELETE CASCADE
);
CREATE TABLE links (
	club_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	label TEXT, 
	CONSTRAINT pk_links PRIMARY KEY (club_id, revision_id, position), 
	CONSTRAINT fk_links_club_id_revision_id FOREIGN KEY(club_id, revision_id) REFERENCES revisions (club_id, id) ON DELETE CASCADE
);
CREATE TABLE sections (
	club_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	heading TEXT NOT NULL, 
	text TEXT NOT NULL, 
	attributed_to TEXT NOT NULL, 
	CONSTRAINT pk_sections PRIMARY KEY (club_id, revision_id, position), 
	CONSTRAINT fk_sections_club_id_revision_id FOREIGN KEY(club_id, revision_id) REFERENCES revisions (club_id, id) ON DELETE CASCADE, 
	CONSTRAINT ck_sections_kind CHECK (kind IN ('summary', 'why', 'lite_summary', 'authors', 'opinions', 'community_opinions', 'notes', 'in_depth', 'join', 'other')), 
	CONSTRAINT ck_sections_position CHECK (position >= 0)
);
CREATE TABLE items (
	club_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	section_position INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	number TEXT, 
	topic TEXT, 
	label TEXT, 
	page_start INTEGER, 
	page_end INTEGER, 
	text TEXT NOT NULL, 
	attributed_to TEXT NOT NULL, 
	points JSON NOT NULL, opinion TEXT, 
	CONSTRAINT pk_items PRIMARY KEY (club_id, revision_id, section_position, position), 
	CONSTRAINT ck_items_pages CHECK ((page_start IS NULL AND page_end IS NULL) OR (page_start IS NOT NULL AND page_end IS NOT NULL AND page_start BETWEEN 0 AND page_end AND page_end <= 1000000)), 
	CONSTRAINT ck_items_position CHECK (position >= 0), 
	CONSTRAINT fk_items_club_id_revision_id_section_position FOREIGN KEY(club_id, revision_id, section_position) REFERENCES sections (club_id, revision_id, position) ON DELETE CASCADE
);
CREATE TABLE places (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	chat_id TEXT NOT NULL, 
	thread_id TEXT, organiser_role TEXT, announcements_chat TEXT, announcements_thread TEXT, opinions_chat TEXT, opinions_thread TEXT, gone_at DATETIME, 
	CONSTRAINT ck_places_platform CHECK (platform IN ('discord', 'telegram', 'console')), 
	CONSTRAINT fk_places_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE
);
CREATE TABLE stored_actions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	owner_id INTEGER, 
	command TEXT NOT NULL, 
	arguments JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT fk_stored_actions_club_id_owner_id FOREIGN KEY(club_id, owner_id) REFERENCES people (club_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_stored_actions_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE
);
CREATE TABLE passages (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	section_position INTEGER, 
	item_position INTEGER, 
	title TEXT NOT NULL, 
	heading TEXT, 
	topic TEXT, 
	text TEXT NOT NULL, 
	page_start INTEGER, 
	page_end INTEGER, 
	words TEXT NOT NULL, 
	CONSTRAINT ck_passages_id CHECK (id / 1099511627776 = club_id), 
	CONSTRAINT ck_passages_kind CHECK (kind IN ('head', 'summary', 'why', 'lite_summary', 'authors', 'opinions', 'community_opinions', 'notes', 'in_depth', 'join', 'other')), 
	CONSTRAINT ck_passages_pages CHECK ((page_start IS NULL AND page_end IS NULL) OR (page_start IS NOT NULL AND page_end IS NOT NULL AND page_start BETWEEN 0 AND page_end AND page_end <= 1000000)), 
	CONSTRAINT ck_passages_position CHECK (item_position IS NULL OR section_position IS NOT NULL), 
	CONSTRAINT fk_passages_club_id_paper_id FOREIGN KEY(club_id, paper_id) REFERENCES papers (club_id, id) ON DELETE CASCADE
);
CREATE TABLE words (
	club_id INTEGER NOT NULL, 
	word TEXT NOT NULL, 
	CONSTRAINT pk_words PRIMARY KEY (club_id, word), 
	CONSTRAINT fk_words_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE
);
CREATE TABLE codes (
	digest TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	club_id INTEGER, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_codes PRIMARY KEY (digest), 
	CONSTRAINT ck_codes_purpose CHECK (purpose IN ('found', 'join')), 
	CONSTRAINT ck_codes_club CHECK ((purpose = 'join') = (club_id IS NOT NULL)), 
	CONSTRAINT ck_codes_digest CHECK (length(digest) = 64), 
	CONSTRAINT fk_codes_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE
);
CREATE TABLE posts (
	platform TEXT NOT NULL, 
	chat_id TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	club_id INTEGER NOT NULL, 
	subject_kind TEXT NOT NULL, 
	subject_key TEXT NOT NULL, 
	sent_at DATETIME NOT NULL, 
	CONSTRAINT pk_posts PRIMARY KEY (platform, chat_id, message_id), 
	CONSTRAINT ck_posts_platform CHECK (platform IN ('discord', 'telegram', 'console')), 
	CONSTRAINT fk_posts_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE
);
CREATE TABLE leases (
	name TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
CREATE TABLE inbox (
	source TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	payload TEXT, 
	received_at DATETIME NOT NULL, 
	done_at DATETIME, 
	reply TEXT, 
	CONSTRAINT pk_inbox PRIMARY KEY (source, number)
);
CREATE TABLE deliveries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	platform TEXT NOT NULL, 
	chat_id TEXT NOT NULL, 
	thread_id TEXT, 
	server_id TEXT, 
	is_private BOOLEAN NOT NULL, 
	person_id INTEGER, 
	due_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	state TEXT NOT NULL, 
	owner TEXT, 
	lease_until DATETIME, 
	started_at DATETIME, 
	attempts INTEGER NOT NULL, 
	message_id TEXT, 
	error TEXT, 
	created_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	CONSTRAINT ck_deliveries_platform CHECK (platform IN ('discord', 'telegram', 'console')), 
	CONSTRAINT ck_deliveries_state CHECK (state IN ('pending', 'sent', 'unknown', 'failed', 'expired', 'cancelled')), 
	CONSTRAINT fk_deliveries_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deliveries_club_id_person_id FOREIGN KEY(club_id, person_id) REFERENCES people (club_id, id) ON DELETE CASCADE, 
	CONSTRAINT uq_deliveries_club_id_key UNIQUE (club_id, "key")
);
CREATE TABLE announcements (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	confirmed_at DATETIME, 
	CONSTRAINT fk_announcements_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE
);
CREATE TABLE asks (
	platform TEXT NOT NULL, 
	chat_id TEXT NOT NULL, 
	account_id TEXT NOT NULL, 
	form TEXT NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_asks PRIMARY KEY (platform, chat_id, account_id), 
	CONSTRAINT ck_asks_platform CHECK (platform IN ('discord', 'telegram', 'console'))
);
CREATE TABLE "platform_state" (
	platform TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	saved_at DATETIME NOT NULL, 
	CONSTRAINT pk_platform_state PRIMARY KEY (platform, "key"), 
	CONSTRAINT ck_platform_state_platform CHECK (platform IN ('discord', 'telegram', 'console'))
);
CREATE TABLE opinions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	paper_id INTEGER NOT NULL, 
	person_id INTEGER, 
	platform TEXT, 
	visibility TEXT NOT NULL, 
	text TEXT NOT NULL, 
	topic TEXT, 
	page_start INTEGER, 
	page_end INTEGER, 
	revision INTEGER NOT NULL, 
	source TEXT, 
	url TEXT, 
	question TEXT, 
	proposed TEXT, 
	proposed_by INTEGER, 
	asked_at DATETIME, 
	asked INTEGER NOT NULL, 
	is_stuck BOOLEAN NOT NULL, 
	hidden_at DATETIME, 
	hidden_reason TEXT, 
	withdrawn_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT ck_opinions_visibility CHECK (visibility IN ('private', 'members', 'nameless', 'named')), 
	CONSTRAINT ck_opinions_question CHECK (question IN ('choose', 'edited', 'deleted', 'wording', 'said')), 
	CONSTRAINT ck_opinions_platform CHECK (platform IN ('discord', 'telegram', 'console')), 
	CONSTRAINT ck_opinions_pages CHECK ((page_start IS NULL AND page_end IS NULL) OR (page_start IS NOT NULL AND page_end IS NOT NULL AND page_start BETWEEN 0 AND page_end AND page_end <= 1000000)), 
	CONSTRAINT ck_opinions_trace CHECK (visibility <> 'nameless' OR url IS NULL), 
	CONSTRAINT fk_opinions_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE, 
	CONSTRAINT fk_opinions_club_id_paper_id FOREIGN KEY(club_id, paper_id) REFERENCES papers (club_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_opinions_club_id_person_id FOREIGN KEY(club_id, person_id) REFERENCES people (club_id, id), 
	CONSTRAINT uq_opinions_club_id_id UNIQUE (club_id, id), 
	CONSTRAINT uq_opinions_club_id_key UNIQUE (club_id, "key"), 
	CONSTRAINT uq_opinions_club_id_source UNIQUE (club_id, source)
);
CREATE TABLE opinion_revisions (
	club_id INTEGER NOT NULL, 
	opinion_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	visibility TEXT NOT NULL, 
	text TEXT NOT NULL, 
	topic TEXT, 
	page_start INTEGER, 
	page_end INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_opinion_revisions PRIMARY KEY (club_id, opinion_id, number), 
	CONSTRAINT fk_opinion_revisions_club_id_opinion_id FOREIGN KEY(club_id, opinion_id) REFERENCES opinions (club_id, id) ON DELETE CASCADE
);
CREATE TABLE digests (
	club_id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	introduction TEXT, 
	topics TEXT NOT NULL, 
	renames JSON NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_digests PRIMARY KEY (club_id, paper_id), 
	CONSTRAINT fk_digests_club_id_paper_id FOREIGN KEY(club_id, paper_id) REFERENCES papers (club_id, id) ON DELETE CASCADE
);
CREATE TABLE claims (
	club_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	agreed_at DATETIME, 
	CONSTRAINT pk_claims PRIMARY KEY (club_id, name, person_id), 
	CONSTRAINT fk_claims_club_id_person_id FOREIGN KEY(club_id, person_id) REFERENCES people (club_id, id) ON DELETE CASCADE
);
CREATE TABLE link_codes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	giver_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	taker_id INTEGER, 
	taker_platform TEXT, 
	is_taken BOOLEAN NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT ck_link_codes_platform CHECK (platform IN ('discord', 'telegram', 'console')), 
	CONSTRAINT fk_link_codes_club_id_giver_id FOREIGN KEY(club_id, giver_id) REFERENCES people (club_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_link_codes_club_id_taker_id FOREIGN KEY(club_id, taker_id) REFERENCES people (club_id, id) ON DELETE CASCADE, 
	CONSTRAINT uq_link_codes_digest UNIQUE (digest)
);
CREATE TABLE audit (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	club_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	by_id INTEGER, 
	about_id INTEGER, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT fk_audit_club_id FOREIGN KEY(club_id) REFERENCES clubs (id) ON DELETE CASCADE, 
	CONSTRAINT fk_audit_club_id_by_id FOREIGN KEY(club_id, by_id) REFERENCES people (club_id, id), 
	CONSTRAINT fk_audit_club_id_about_id FOREIGN KEY(club_id, about_id) REFERENCES people (club_id, id)
);
INSERT INTO alembic_version VALUES ('2026_11_24_opinions');
INSERT INTO clubs VALUES (1, 'SMALL', 'SMALL', 'UTC', 3, '2026-11-28 13:23:37.013594');
INSERT INTO clubs VALUES (2, 'DEEP', 'DEEP', 'UTC', 1, '2026-11-28 13:23:37.315969');
INSERT INTO people VALUES (1, 1, 'Ana', 'Europe/Lisbon', '2026-11-20 18:30:00.000000', NULL, NULL, 'ask', 1, 0, NULL);
INSERT INTO people VALUES (2, 1, 'Bo', NULL, '2026-11-20 18:30:00.000000', NULL, NULL, 'named', 1, 0, NULL);
INSERT INTO people VALUES (3, 1, 'Chidi', NULL, '2026-11-20 18:30:00.000000', '2026-11-21 09:00:00.000000', NULL, 'ask', 1, 0, NULL);
INSERT INTO people VALUES (4, 2, 'Ana', NULL, '2026-11-21 09:00:00.000000', NULL, NULL, 'ask', 1, 1, NULL);
INSERT INTO accounts VALUES (1, 1, 'discord', '901', 'ana', NULL, NULL, NULL);
INSERT INTO accounts VALUES (1, 1, 'telegram', '77', 'Ana L', NULL, NULL, NULL);
INSERT INTO accounts VALUES (1, 2, 'telegram', '78', 'bo', NULL, NULL, NULL);
INSERT INTO accounts VALUES (2, 4, 'discord', '901', 'ana', NULL, NULL, NULL);
INSERT INTO roles VALUES (1, 1, 'organiser');
INSERT INTO roles VALUES (2, 4, 'organiser');
INSERT INTO papers VALUES (1, 1, 1, 'SMALL-001', 2, 2, '2026-11-28 13:23:37.030347', '2026-11-28 13:23:37.173003', 0);
INSERT INTO papers VALUES (2, 1, 2, 'SMALL-002', 1, 3, '2026-11-28 13:23:37.249662', '2026-11-28 13:23:37.249662', 0);
INSERT INTO papers VALUES (3, 2, 1, 'DEEP-001', 1, 1, '2026-11-28 13:23:37.317061', '2026-11-28 13:23:37.317061', 0);
INSERT INTO revisions VALUES (1, 1, 1, 1, 'a93b8324cf4dd9fb46d969f9bde59b6ba36d0f6912cc7b85394c6ad760960bdb', 'Small Worlds', 'Why are paths short?', NULL, 'Networks', 'LDN', '2023-11-09', 'Short paths.', '["summary", "lite_summary", "community_opinions", "in_depth", "join"]', '[]', '2026-11-28 13:23:37.030347', NULL);
INSERT INTO revisions VALUES (2, 1, 1, 2, '4b5c48d59821edf9ffb4a1542847cf489a40146c8e6e5f1acec79a33b4014605', 'Small Worlds', 'Why are paths short?', NULL, 'Networks', 'LDN', '2023-11-09', 'Short paths, again.', '["summary", "lite_summary", "community_opinions", "in_depth", "join"]', '[]', '2026-11-28 13:23:37.173003', NULL);
INSERT INTO revisions VALUES (3, 1, 2, 1, 'b432526d2591cb64a0757a752a9e248e49bbd5d19704f97264a34ce2f42dfd3e', 'Weak Ties', 'Why are paths short?', NULL, 'Networks', 'LDN', '2023-11-09', 'Who you hardly know helps most.', '["summary", "lite_summary", "community_opinions", "in_depth", "join"]', '[]', '2026-11-28 13:23:37.249662', NULL);
INSERT INTO revisions VALUES (4, 2, 3, 1, '25f127328b53622b9f4ed77bc1d46fd15ae4ec0dee13a2f814bf4c256f918c4e', 'It’s Deep', 'Why are paths short?', NULL, 'Networks', 'LDN', '2023-11-09', 'A page of a second club.', '["summary", "lite_summary", "community_opinions", "in_depth", "join"]', '[]', '2026-11-28 13:23:37.317061', NULL);
INSERT INTO contacts VALUES (1, 1, 'Ana', 'email', 'ana@example.org');
INSERT INTO contacts VALUES (1, 1, 'Ana', 'telegram', 'anareads');
INSERT INTO contacts VALUES (1, 2, 'Ana', 'email', 'ana@example.org');
INSERT INTO contacts VALUES (1, 2, 'Ana', 'telegram', 'anareads');
INSERT INTO contacts VALUES (2, 3, 'Ana', 'email', 'ana@example.org');
INSERT INTO contacts VALUES (2, 3, 'Ana', 'telegram', 'anareads');
INSERT INTO contributors VALUES (1, 1, 0, 'Ana', 'contributor');
INSERT INTO contributors VALUES (1, 1, 1, 'Bo', 'contributor');
INSERT INTO contributors VALUES (1, 2, 0, 'Ana', 'contributor');
INSERT INTO contributors VALUES (1, 2, 1, 'Bo', 'contributor');
INSERT INTO contributors VALUES (1, 3, 0, 'Ana', 'contributor');
INSERT INTO contributors VALUES (1, 3, 1, 'Bo', 'contributor');
INSERT INTO contributors VALUES (2, 4, 0, 'Ana', 'contributor');
INSERT INTO contributors VALUES (2, 4, 1, 'Bo', 'contributor');
INSERT INTO sections VALUES (1, 1, 0, 'summary', 'Summary', 'Short paths.', '[]');
INSERT INTO sections VALUES (1, 1, 1, 'lite_summary', 'Lite Summary', 'Most people are a few steps from each other.', '[]');
INSERT INTO sections VALUES (1, 1, 2, 'community_opinions', 'Community Opinions', 'Everybody knew the phrase, nobody the proof.', '[]');
INSERT INTO sections VALUES (1, 1, 3, 'in_depth', 'In-depth Summary of Part (i) from Paper:', '', '[]');
INSERT INTO sections VALUES (1, 1, 4, 'join', 'Join Us', 'Come on Thursday.', '[]');
INSERT INTO sections VALUES (1, 2, 0, 'summary', 'Summary', 'Short paths, again.', '[]');
INSERT INTO sections VALUES (1, 2, 1, 'lite_summary', 'Lite Summary', 'Most people are a few steps from each other.', '[]');
INSERT INTO sections VALUES (1, 2, 2, 'community_opinions', 'Community Opinions', 'Everybody knew the phrase, nobody the proof.', '[]');
INSERT INTO sections VALUES (1, 2, 3, 'in_depth', 'In-depth Summary of Part (i) from Paper:', '', '[]');
INSERT INTO sections VALUES (1, 2, 4, 'join', 'Join Us', 'Come on Thursday.', '[]');
INSERT INTO sections VALUES (1, 3, 0, 'summary', 'Summary', 'Who you hardly know helps most.', '[]');
INSERT INTO sections VALUES (1, 3, 1, 'lite_summary', 'Lite Summary', 'Most people are a few steps from each other.', '[]');
INSERT INTO sections VALUES (1, 3, 2, 'community_opinions', 'Community Opinions', 'Everybody knew the phrase, nobody the proof.', '[]');
INSERT INTO sections VALUES (1, 3, 3, 'in_depth', 'In-depth Summary of Part (i) from Paper:', '', '[]');
INSERT INTO sections VALUES (1, 3, 4, 'join', 'Join Us', 'Come on Thursday.', '[]');
INSERT INTO sections VALUES (2, 4, 0, 'summary', 'Summary', 'A page of a second club.', '[]');
INSERT INTO sections VALUES (2, 4, 1, 'lite_summary', 'Lite Summary', 'Most people are a few steps from each other.', '[]');
INSERT INTO sections VALUES (2, 4, 2, 'community_opinions', 'Community Opinions', 'Everybody knew the phrase, nobody the proof.', '[]');
INSERT INTO sections VALUES (2, 4, 3, 'in_depth', 'In-depth Summary of Part (i) from Paper:', '', '[]');
INSERT INTO sections VALUES (2, 4, 4, 'join', 'Join Us', 'Come on Thursday.', '[]');
INSERT INTO items VALUES (1, 1, 1, 0, '(i)', NULL, 'Model', NULL, NULL, 'a ring with shortcuts.', '[]', '[]', NULL);
INSERT INTO items VALUES (1, 1, 1, 1, '(ii)', NULL, 'Result', NULL, NULL, 'few shortcuts are enough.', '[]', '[]', NULL);
INSERT INTO items VALUES (1, 1, 2, 0, NULL, 'What is a step?', NULL, NULL, NULL, 'A handshake is not an introduction (Chidi).', '["Chidi"]', '[]', NULL);
INSERT INTO items VALUES (1, 1, 3, 0, NULL, 'The Ring', NULL, 1, 3, '', '[]', '[{"label": "Idea", "text": "Neighbours know each other.", "points": []}, {"label": "Shortcut", "text": "One edge is rewired.", "points": []}]', NULL);
INSERT INTO items VALUES (1, 1, 3, 1, NULL, 'The Limit', NULL, 4, 6, '', '[]', '[{"label": "Result", "text": "Paths grow slowly.", "points": []}]', NULL);
INSERT INTO items VALUES (1, 2, 1, 0, '(i)', NULL, 'Model', NULL, NULL, 'a ring with shortcuts.', '[]', '[]', NULL);
INSERT INTO items VALUES (1, 2, 1, 1, '(ii)', NULL, 'Result', NULL, NULL, 'few shortcuts are enough.', '[]', '[]', NULL);
INSERT INTO items VALUES (1, 2, 2, 0, NULL, 'What is a step?', NULL, NULL, NULL, 'A handshake is not an introduction (Chidi).', '["Chidi"]', '[]', NULL);
INSERT INTO items VALUES (1, 2, 3, 0, NULL, 'The Ring', NULL, 1, 3, '', '[]', '[{"label": "Idea", "text": "Neighbours know each other.", "points": []}, {"label": "Shortcut", "text": "One edge is rewired.", "points": []}]', NULL);
INSERT INTO items VALUES (1, 2, 3, 1, NULL, 'The Limit', NULL, 4, 6, '', '[]', '[{"label": "Result", "text": "Paths grow slowly.", "points": []}]', NULL);
INSERT INTO items VALUES (1, 3, 1, 0, '(i)', NULL, 'Model', NULL, NULL, 'a ring with shortcuts.', '[]', '[]', NULL);
INSERT INTO items VALUES (1, 3, 1, 1, '(ii)', NULL, 'Result', NULL, NULL, 'few shortcuts are enough.', '[]', '[]', NULL);
INSERT INTO items VALUES (1, 3, 2, 0, NULL, 'What is a step?', NULL, NULL, NULL, 'A handshake is not an introduction (Chidi).', '["Chidi"]', '[]', NULL);
INSERT INTO items VALUES (1, 3, 3, 0, NULL, 'The Ring', NULL, 1, 3, '', '[]', '[{"label": "Idea", "text": "Neighbours know each other.", "points": []}, {"label": "Shortcut", "text": "One edge is rewired.", "points": []}]', NULL);
INSERT INTO items VALUES (1, 3, 3, 1, NULL, 'The Limit', NULL, 4, 6, '', '[]', '[{"label": "Result", "text": "Paths grow slowly.", "points": []}]', NULL);
INSERT INTO items VALUES (2, 4, 1, 0, '(i)', NULL, 'Model', NULL, NULL, 'a ring with shortcuts.', '[]', '[]', NULL);
INSERT INTO items VALUES (2, 4, 1, 1, '(ii)', NULL, 'Result', NULL, NULL, 'few shortcuts are enough.', '[]', '[]', NULL);
INSERT INTO items VALUES (2, 4, 2, 0, NULL, 'What is a step?', NULL, NULL, NULL, 'A handshake is not an introduction (Chidi).', '["Chidi"]', '[]', NULL);
INSERT INTO items VALUES (2, 4, 3, 0, NULL, 'The Ring', NULL, 1, 3, '', '[]', '[{"label": "Idea", "text": "Neighbours know each other.", "points": []}, {"label": "Shortcut", "text": "One edge is rewired.", "points": []}]', NULL);
INSERT INTO items VALUES (2, 4, 3, 1, NULL, 'The Limit', NULL, 4, 6, '', '[]', '[{"label": "Result", "text": "Paths grow slowly.", "points": []}]', NULL);
INSERT INTO places VALUES (1, 1, 'discord', '500', NULL, '510', NULL, NULL, NULL, NULL, NULL);
INSERT INTO places VALUES (2, 1, 'telegram', '-100200', NULL, NULL, '-100200', '4', '-100200', NULL, NULL);
INSERT INTO places VALUES (3, 2, 'discord', '501', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-21 09:00:00.000000');
INSERT INTO stored_actions VALUES (1, 1, 1, 'search', '{"words": "short paths"}', '2026-11-20 18:30:00.000000');
INSERT INTO stored_actions VALUES (2, 1, NULL, 'papers', '{"category": "Networks"}', '2026-11-21 09:00:00.000000');
INSERT INTO passages VALUES (1099511627788, 1, 1, 'head', NULL, NULL, 'Small Worlds', NULL, NULL, 'Why are paths short?', NULL, NULL, 'small worlds _  _ why are paths short small 001 networks ldn ana bo _ _1small _1worlds');
INSERT INTO passages VALUES (1099511627789, 1, 1, 'summary', 0, NULL, 'Small Worlds', 'Summary', NULL, 'Short paths, again.', NULL, NULL, 'small worlds _ summary _ short paths again _ _2summary');
INSERT INTO passages VALUES (1099511627790, 1, 1, 'lite_summary', 1, NULL, 'Small Worlds', 'Lite Summary', NULL, 'Most people are a few steps from each other.', NULL, NULL, 'small worlds _ lite summary _ most people are a few steps from each other _ _2lite _2summary');
INSERT INTO passages VALUES (1099511627791, 1, 1, 'lite_summary', 1, 0, 'Small Worlds', 'Lite Summary', 'Model', 'a ring with shortcuts.', NULL, NULL, 'small worlds _ model _ a ring with shortcuts _ _2model');
INSERT INTO passages VALUES (1099511627792, 1, 1, 'lite_summary', 1, 1, 'Small Worlds', 'Lite Summary', 'Result', 'few shortcuts are enough.', NULL, NULL, 'small worlds _ result _ few shortcuts are enough _ _2result');
INSERT INTO passages VALUES (1099511627793, 1, 1, 'community_opinions', 2, NULL, 'Small Worlds', 'Community Opinions', NULL, 'Everybody knew the phrase, nobody the proof.', NULL, NULL, 'small worlds _ community opinions _ everybody knew the phrase nobody the proof _ _2community _2opinions');
INSERT INTO passages VALUES (1099511627794, 1, 1, 'community_opinions', 2, 0, 'Small Worlds', 'Community Opinions', 'What is a step?', 'A handshake is not an introduction (Chidi).', NULL, NULL, 'small worlds _ what is a step _ a handshake is not an introduction chidi chidi _ _2what _2is _2a _2step');
INSERT INTO passages VALUES (1099511627795, 1, 1, 'in_depth', 3, NULL, 'Small Worlds', 'In-depth Summary of Part (i) from Paper:', NULL, '', NULL, NULL, 'small worlds _ in depth summary of part i from paper _  _ _2in _2depth _2summary _2of _2part _2i _2from _2paper');
INSERT INTO passages VALUES (1099511627796, 1, 1, 'in_depth', 3, 0, 'Small Worlds', 'In-depth Summary of Part (i) from Paper:', 'The Ring', 'Idea: Neighbours know each other. Shortcut: One edge is rewired.', 1, 3, 'small worlds _ the ring _ idea neighbours know each other shortcut one edge is rewired _ _2the _2ring');
INSERT INTO passages VALUES (1099511627797, 1, 1, 'in_depth', 3, 1, 'Small Worlds', 'In-depth Summary of Part (i) from Paper:', 'The Limit', 'Result: Paths grow slowly.', 4, 6, 'small worlds _ the limit _ result paths grow slowly _ _2the _2limit');
INSERT INTO passages VALUES (1099511627798, 1, 1, 'join', 4, NULL, 'Small Worlds', 'Join Us', NULL, 'Come on Thursday.', NULL, NULL, 'small worlds _ join us _ come on thursday _ _2join _2us');
INSERT INTO passages VALUES (1099511627799, 1, 2, 'head', NULL, NULL, 'Weak Ties', NULL, NULL, 'Why are paths short?', NULL, NULL, 'weak ties _  _ why are paths short small 002 networks ldn ana bo _ _1weak _1ties');
INSERT INTO passages VALUES (1099511627800, 1, 2, 'summary', 0, NULL, 'Weak Ties', 'Summary', NULL, 'Who you hardly know helps most.', NULL, NULL, 'weak ties _ summary _ who you hardly know helps most _ _2summary');
INSERT INTO passages VALUES (1099511627801, 1, 2, 'lite_summary', 1, NULL, 'Weak Ties', 'Lite Summary', NULL, 'Most people are a few steps from each other.', NULL, NULL, 'weak ties _ lite summary _ most people are a few steps from each other _ _2lite _2summary');
INSERT INTO passages VALUES (1099511627802, 1, 2, 'lite_summary', 1, 0, 'Weak Ties', 'Lite Summary', 'Model', 'a ring with shortcuts.', NULL, NULL, 'weak ties _ model _ a ring with shortcuts _ _2model');
INSERT INTO passages VALUES (1099511627803, 1, 2, 'lite_summary', 1, 1, 'Weak Ties', 'Lite Summary', 'Result', 'few shortcuts are enough.', NULL, NULL, 'weak ties _ result _ few shortcuts are enough _ _2result');
INSERT INTO passages VALUES (1099511627804, 1, 2, 'community_opinions', 2, NULL, 'Weak Ties', 'Community Opinions', NULL, 'Everybody knew the phrase, nobody the proof.', NULL, NULL, 'weak ties _ community opinions _ everybody knew the phrase nobody the proof _ _2community _2opinions');
INSERT INTO passages VALUES (1099511627805, 1, 2, 'community_opinions', 2, 0, 'Weak Ties', 'Community Opinions', 'What is a step?', 'A handshake is not an introduction (Chidi).', NULL, NULL, 'weak ties _ what is a step _ a handshake is not an introduction chidi chidi _ _2what _2is _2a _2step');
INSERT INTO passages VALUES (1099511627806, 1, 2, 'in_depth', 3, NULL, 'Weak Ties', 'In-depth Summary of Part (i) from Paper:', NULL, '', NULL, NULL, 'weak ties _ in depth summary of part i from paper _  _ _2in _2depth _2summary _2of _2part _2i _2from _2paper');
INSERT INTO passages VALUES (1099511627807, 1, 2, 'in_depth', 3, 0, 'Weak Ties', 'In-depth Summary of Part (i) from Paper:', 'The Ring', 'Idea: Neighbours know each other. Shortcut: One edge is rewired.', 1, 3, 'weak ties _ the ring _ idea neighbours know each other shortcut one edge is rewired _ _2the _2ring');
INSERT INTO passages VALUES (1099511627808, 1, 2, 'in_depth', 3, 1, 'Weak Ties', 'In-depth Summary of Part (i) from Paper:', 'The Limit', 'Result: Paths grow slowly.', 4, 6, 'weak ties _ the limit _ result paths grow slowly _ _2the _2limit');
INSERT INTO passages VALUES (1099511627809, 1, 2, 'join', 4, NULL, 'Weak Ties', 'Join Us', NULL, 'Come on Thursday.', NULL, NULL, 'weak ties _ join us _ come on thursday _ _2join _2us');
INSERT INTO passages VALUES (2199023255553, 2, 3, 'head', NULL, NULL, 'It’s Deep', NULL, NULL, 'Why are paths short?', NULL, NULL, 'it s deep _  _ why are paths short deep 001 networks ldn ana bo _ _1it _1s _1deep');
INSERT INTO passages VALUES (2199023255554, 2, 3, 'summary', 0, NULL, 'It’s Deep', 'Summary', NULL, 'A page of a second club.', NULL, NULL, 'it s deep _ summary _ a page of a second club _ _2summary');
INSERT INTO passages VALUES (2199023255555, 2, 3, 'lite_summary', 1, NULL, 'It’s Deep', 'Lite Summary', NULL, 'Most people are a few steps from each other.', NULL, NULL, 'it s deep _ lite summary _ most people are a few steps from each other _ _2lite _2summary');
INSERT INTO passages VALUES (2199023255556, 2, 3, 'lite_summary', 1, 0, 'It’s Deep', 'Lite Summary', 'Model', 'a ring with shortcuts.', NULL, NULL, 'it s deep _ model _ a ring with shortcuts _ _2model');
INSERT INTO passages VALUES (2199023255557, 2, 3, 'lite_summary', 1, 1, 'It’s Deep', 'Lite Summary', 'Result', 'few shortcuts are enough.', NULL, NULL, 'it s deep _ result _ few shortcuts are enough _ _2result');
INSERT INTO passages VALUES (2199023255558, 2, 3, 'community_opinions', 2, NULL, 'It’s Deep', 'Community Opinions', NULL, 'Everybody knew the phrase, nobody the proof.', NULL, NULL, 'it s deep _ community opinions _ everybody knew the phrase nobody the proof _ _2community _2opinions');
INSERT INTO passages VALUES (2199023255559, 2, 3, 'community_opinions', 2, 0, 'It’s Deep', 'Community Opinions', 'What is a step?', 'A handshake is not an introduction (Chidi).', NULL, NULL, 'it s deep _ what is a step _ a handshake is not an introduction chidi chidi _ _2what _2is _2a _2step');
INSERT INTO passages VALUES (2199023255560, 2, 3, 'in_depth', 3, NULL, 'It’s Deep', 'In-depth Summary of Part (i) from Paper:', NULL, '', NULL, NULL, 'it s deep _ in depth summary of part i from paper _  _ _2in _2depth _2summary _2of _2part _2i _2from _2paper');
INSERT INTO passages VALUES (2199023255561, 2, 3, 'in_depth', 3, 0, 'It’s Deep', 'In-depth Summary of Part (i) from Paper:', 'The Ring', 'Idea: Neighbours know each other. Shortcut: One edge is rewired.', 1, 3, 'it s deep _ the ring _ idea neighbours know each other shortcut one edge is rewired _ _2the _2ring');
INSERT INTO passages VALUES (2199023255562, 2, 3, 'in_depth', 3, 1, 'It’s Deep', 'In-depth Summary of Part (i) from Paper:', 'The Limit', 'Result: Paths grow slowly.', 4, 6, 'it s deep _ the limit _ result paths grow slowly _ _2the _2limit');
INSERT INTO passages VALUES (2199023255563, 2, 3, 'join', 4, NULL, 'It’s Deep', 'Join Us', NULL, 'Come on Thursday.', NULL, NULL, 'it s deep _ join us _ come on thursday _ _2join _2us');
INSERT INTO words VALUES (1, 'a');
INSERT INTO words VALUES (1, 'an');
INSERT INTO words VALUES (1, 'ana');
INSERT INTO words VALUES (1, 'are');
INSERT INTO words VALUES (1, 'bo');
INSERT INTO words VALUES (1, 'chidi');
INSERT INTO words VALUES (1, 'come');
INSERT INTO words VALUES (1, 'community');
INSERT INTO words VALUES (1, 'depth');
INSERT INTO words VALUES (1, 'each');
INSERT INTO words VALUES (1, 'edge');
INSERT INTO words VALUES (1, 'enough');
INSERT INTO words VALUES (1, 'everybody');
INSERT INTO words VALUES (1, 'few');
INSERT INTO words VALUES (1, 'from');
INSERT INTO words VALUES (1, 'grow');
INSERT INTO words VALUES (1, 'handshake');
INSERT INTO words VALUES (1, 'i');
INSERT INTO words VALUES (1, 'idea');
INSERT INTO words VALUES (1, 'in');
INSERT INTO words VALUES (1, 'introduction');
INSERT INTO words VALUES (1, 'is');
INSERT INTO words VALUES (1, 'join');
INSERT INTO words VALUES (1, 'knew');
INSERT INTO words VALUES (1, 'know');
INSERT INTO words VALUES (1, 'ldn');
INSERT INTO words VALUES (1, 'limit');
INSERT INTO words VALUES (1, 'lite');
INSERT INTO words VALUES (1, 'model');
INSERT INTO words VALUES (1, 'most');
INSERT INTO words VALUES (1, 'neighbours');
INSERT INTO words VALUES (1, 'networks');
INSERT INTO words VALUES (1, 'nobody');
INSERT INTO words VALUES (1, 'not');
INSERT INTO words VALUES (1, 'of');
INSERT INTO words VALUES (1, 'on');
INSERT INTO words VALUES (1, 'one');
INSERT INTO words VALUES (1, 'opinions');
INSERT INTO words VALUES (1, 'other');
INSERT INTO words VALUES (1, 'paper');
INSERT INTO words VALUES (1, 'part');
INSERT INTO words VALUES (1, 'paths');
INSERT INTO words VALUES (1, 'people');
INSERT INTO words VALUES (1, 'phrase');
INSERT INTO words VALUES (1, 'proof');
INSERT INTO words VALUES (1, 'result');
INSERT INTO words VALUES (1, 'rewired');
INSERT INTO words VALUES (1, 'ring');
INSERT INTO words VALUES (1, 'short');
INSERT INTO words VALUES (1, 'shortcut');
INSERT INTO words VALUES (1, 'shortcuts');
INSERT INTO words VALUES (1, 'slowly');
INSERT INTO words VALUES (1, 'small');
INSERT INTO words VALUES (1, 'step');
INSERT INTO words VALUES (1, 'steps');
INSERT INTO words VALUES (1, 'summary');
INSERT INTO words VALUES (1, 'the');
INSERT INTO words VALUES (1, 'thursday');
INSERT INTO words VALUES (1, 'us');
INSERT INTO words VALUES (1, 'what');
INSERT INTO words VALUES (1, 'why');
INSERT INTO words VALUES (1, 'with');
INSERT INTO words VALUES (1, 'worlds');
INSERT INTO words VALUES (1, 'again');
INSERT INTO words VALUES (1, 'hardly');
INSERT INTO words VALUES (1, 'helps');
INSERT INTO words VALUES (1, 'ties');
INSERT INTO words VALUES (1, 'weak');
INSERT INTO words VALUES (1, 'who');
INSERT INTO words VALUES (1, 'you');
INSERT INTO words VALUES (2, 'a');
INSERT INTO words VALUES (2, 'an');
INSERT INTO words VALUES (2, 'ana');
INSERT INTO words VALUES (2, 'are');
INSERT INTO words VALUES (2, 'bo');
INSERT INTO words VALUES (2, 'chidi');
INSERT INTO words VALUES (2, 'club');
INSERT INTO words VALUES (2, 'come');
INSERT INTO words VALUES (2, 'community');
INSERT INTO words VALUES (2, 'deep');
INSERT INTO words VALUES (2, 'depth');
INSERT INTO words VALUES (2, 'each');
INSERT INTO words VALUES (2, 'edge');
INSERT INTO words VALUES (2, 'enough');
INSERT INTO words VALUES (2, 'everybody');
INSERT INTO words VALUES (2, 'few');
INSERT INTO words VALUES (2, 'from');
INSERT INTO words VALUES (2, 'grow');
INSERT INTO words VALUES (2, 'handshake');
INSERT INTO words VALUES (2, 'i');
INSERT INTO words VALUES (2, 'idea');
INSERT INTO words VALUES (2, 'in');
INSERT INTO words VALUES (2, 'introduction');
INSERT INTO words VALUES (2, 'is');
INSERT INTO words VALUES (2, 'it');
INSERT INTO words VALUES (2, 'join');
INSERT INTO words VALUES (2, 'knew');
INSERT INTO words VALUES (2, 'know');
INSERT INTO words VALUES (2, 'ldn');
INSERT INTO words VALUES (2, 'limit');
INSERT INTO words VALUES (2, 'lite');
INSERT INTO words VALUES (2, 'model');
INSERT INTO words VALUES (2, 'most');
INSERT INTO words VALUES (2, 'neighbours');
INSERT INTO words VALUES (2, 'networks');
INSERT INTO words VALUES (2, 'nobody');
INSERT INTO words VALUES (2, 'not');
INSERT INTO words VALUES (2, 'of');
INSERT INTO words VALUES (2, 'on');
INSERT INTO words VALUES (2, 'one');
INSERT INTO words VALUES (2, 'opinions');
INSERT INTO words VALUES (2, 'other');
INSERT INTO words VALUES (2, 'page');
INSERT INTO words VALUES (2, 'paper');
INSERT INTO words VALUES (2, 'part');
INSERT INTO words VALUES (2, 'paths');
INSERT INTO words VALUES (2, 'people');
INSERT INTO words VALUES (2, 'phrase');
INSERT INTO words VALUES (2, 'proof');
INSERT INTO words VALUES (2, 'result');
INSERT INTO words VALUES (2, 'rewired');
INSERT INTO words VALUES (2, 'ring');
INSERT INTO words VALUES (2, 's');
INSERT INTO words VALUES (2, 'second');
INSERT INTO words VALUES (2, 'short');
INSERT INTO words VALUES (2, 'shortcut');
INSERT INTO words VALUES (2, 'shortcuts');
INSERT INTO words VALUES (2, 'slowly');
INSERT INTO words VALUES (2, 'step');
INSERT INTO words VALUES (2, 'steps');
INSERT INTO words VALUES (2, 'summary');
INSERT INTO words VALUES (2, 'the');
INSERT INTO words VALUES (2, 'thursday');
INSERT INTO words VALUES (2, 'us');
INSERT INTO words VALUES (2, 'what');
INSERT INTO words VALUES (2, 'why');
INSERT INTO words VALUES (2, 'with');
INSERT INTO codes VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'found', NULL, '2026-11-21 09:00:00.000000');
INSERT INTO codes VALUES ('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'join', 1, '2026-11-21 09:00:00.000000');
INSERT INTO posts VALUES ('telegram', '-100200', '31', 1, 'paper', 'SMALL-001', '2026-11-20 18:30:00.000000');
INSERT INTO leases VALUES ('Telegram bot 1', 'there:1:0', '2026-11-20 18:30:00.000000');
INSERT INTO inbox VALUES ('telegram:1', 8000000001, '{"update_id": 8000000001}', '2026-11-20 18:30:00.000000', NULL, NULL);
INSERT INTO inbox VALUES ('telegram:1', 8000000000, NULL, '2026-11-20 18:30:00.000000', '2026-11-20 18:30:00.000000', NULL);
INSERT INTO deliveries VALUES (1, 1, 'announcement:1:2', 'announcement', '1', 'telegram', '-100200', '4', NULL, 0, NULL, '2026-11-20 18:30:00.000000', NULL, 'sent', NULL, NULL, NULL, 1, '32', NULL, '2026-11-20 18:30:00.000000', '2026-11-20 18:30:00.000000');
INSERT INTO deliveries VALUES (2, 1, 'announcement:1:1', 'announcement', '1', 'discord', '502', NULL, '500', 0, NULL, '2026-11-21 09:00:00.000000', NULL, 'pending', NULL, NULL, NULL, 2, NULL, 'the platform was away', '2026-11-20 18:30:00.000000', NULL);
INSERT INTO deliveries VALUES (3, 1, 'opinion:1', 'opinion', 'op1', 'telegram', '78', NULL, NULL, 1, 2, '2026-11-20 18:30:00.000000', NULL, 'unknown', NULL, NULL, NULL, 1, NULL, NULL, '2026-11-20 18:30:00.000000', NULL);
INSERT INTO announcements VALUES (1, 1, 'We meet on Thursday – bring «your» copy.', '2026-11-20 18:30:00.000000', '2026-11-20 18:30:00.000000');
INSERT INTO asks VALUES ('telegram', '77', '77', '{"command": "newpaper", "given": {}}', '2026-11-20 18:30:00.000000');
INSERT INTO platform_state VALUES ('telegram', 'commands', 'c0ffee', '2026-11-20 18:30:00.000000');
INSERT INTO platform_state VALUES ('discord', 'seen:500', '1576', '2026-11-21 09:00:00.000000');
INSERT INTO opinions VALUES (1, 1, 'op1', 1, 2, 'telegram', 'named', 'A handshake isn''t
an introduction.', 'What is a step?', 1, 3, 2, 'telegram:-100200:40', NULL, NULL, NULL, NULL, NULL, 1, 0, NULL, NULL, NULL, '2026-11-20 18:30:00.000000');
INSERT INTO opinions VALUES (2, 1, 'op2', 1, 1, 'discord', 'private', 'Not for others yet.', NULL, NULL, NULL, 1, NULL, NULL, 'choose', NULL, NULL, '2026-11-21 09:00:00.000000', 1, 0, NULL, NULL, NULL, '2026-11-21 09:00:00.000000');
INSERT INTO opinion_revisions VALUES (1, 1, 1, 'private', 'A handshake.', NULL, NULL, NULL, '2026-11-20 18:30:00.000000');
INSERT INTO digests VALUES (1, 1, 'What we said in November.', '["What is a step?"]', '{}', '2026-11-21 09:00:00.000000');
INSERT INTO claims VALUES (1, 'Ana', 1, '2026-11-20 18:30:00.000000', '2026-11-21 09:00:00.000000');
INSERT INTO link_codes VALUES (1, 1, 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 1, 'discord', NULL, NULL, 0, '2026-11-21 09:00:00.000000');
INSERT INTO audit VALUES (1, 1, '2026-11-20 18:30:00.000000', 1, 3, 'role', 'Chidi', 'member');
CREATE VIRTUAL TABLE passage_index USING fts5(
            words, content='passages', content_rowid='id', tokenize="ascii tokenchars '_'",
            prefix='2'
        );
INSERT INTO passage_index (passage_index) VALUES ('rebuild');
CREATE INDEX ix_papers_club_id_version ON papers (club_id, version);
CREATE INDEX ix_places_club_id ON places (club_id);
CREATE UNIQUE INDEX uq_places_chat ON places (platform, chat_id) WHERE thread_id IS NULL;
CREATE UNIQUE INDEX uq_places_thread ON places (platform, chat_id, thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX ix_passages_club_id_paper_id ON passages (club_id, paper_id);
CREATE TRIGGER passages_delete AFTER DELETE ON passages BEGIN
            INSERT INTO passage_index(passage_index, rowid, words)
            VALUES ('delete', old.id, old.words);
        END;
CREATE INDEX ix_posts_club_id_subject_kind_subject_key ON posts (club_id, subject_kind, subject_key);
CREATE INDEX ix_inbox_open ON inbox (source, number) WHERE done_at IS NULL;
CREATE INDEX ix_deliveries_due ON deliveries (due_at, id) WHERE state = 'pending';
CREATE INDEX ix_deliveries_club_id_state ON deliveries (club_id, state);
CREATE INDEX ix_deliveries_club_id_kind_subject ON deliveries (club_id, kind, subject);
CREATE INDEX ix_announcements_club_id ON announcements (club_id);
CREATE INDEX ix_items_opinion ON items (club_id, opinion);
CREATE INDEX ix_opinions_club_id_paper_id ON opinions (club_id, paper_id);
CREATE INDEX ix_opinions_club_id_person_id ON opinions (club_id, person_id);
CREATE INDEX ix_audit_club_id_id ON audit (club_id, id);
COMMIT;

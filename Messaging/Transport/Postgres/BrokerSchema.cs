namespace Trellis.Messaging.Transport.Postgres;

/// <summary>The tables of a broker database.</summary>
internal static class BrokerSchema
{
    /// <summary>The name of the schema among the advisory locks of the database; any number.</summary>
    public const long Lock = 0x54_52_4D_53_47;

    /// <summary>Taken shared by publishers, exclusively while a group subscribes: what is published meanwhile would reach neither.</summary>
    public const long SubscriptionsLock = Lock + 1;

    /// <summary>The first half of the names of the locks under which members of a group take messages; the second is the group's number.</summary>
    public const int GroupLocks = 0x54_47;

    /// <summary>Tells members of all groups that there are messages.</summary>
    public const string Channel = "trellis_messages";

    /// <summary>What <see cref="Sql"/> makes last; where it is, everything is.</summary>
    public const string Last = "trellis.dead_letters_by_group";

    /// <summary>
    /// One row a message, one a message and group. A delivery that was never handed out has no attempts; one that is handed out, or waits for its retry,
    /// has some and is visible in the future. Rows live for moments, so vacuum must not wait for a fifth of the table.
    /// </summary>
    public const string Sql = """
        CREATE SCHEMA IF NOT EXISTS trellis;
        CREATE TABLE IF NOT EXISTS trellis.groups (
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS trellis.subscriptions (
            group_id int NOT NULL REFERENCES trellis.groups,
            type text NOT NULL,
            PRIMARY KEY (type, group_id));
        CREATE TABLE IF NOT EXISTS trellis.messages (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id uuid NOT NULL,
            type text NOT NULL,
            partition_key text,
            headers jsonb NOT NULL,
            body bytea NOT NULL,
            routed boolean NOT NULL,
            published_at timestamptz NOT NULL DEFAULT now())
            WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
        ALTER TABLE trellis.messages ALTER COLUMN body SET STORAGE EXTERNAL;
        CREATE INDEX IF NOT EXISTS messages_unrouted ON trellis.messages (type, seq) WHERE NOT routed;
        CREATE TABLE IF NOT EXISTS trellis.deliveries (
            group_id int NOT NULL,
            seq bigint NOT NULL,
            partition_key text,
            visible_at timestamptz NOT NULL,
            attempts int NOT NULL DEFAULT 0,
            token uuid,
            PRIMARY KEY (group_id, seq))
            WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
        CREATE INDEX IF NOT EXISTS deliveries_by_message ON trellis.deliveries (seq);
        CREATE INDEX IF NOT EXISTS deliveries_started ON trellis.deliveries (group_id, partition_key, seq) WHERE attempts > 0;
        CREATE TABLE IF NOT EXISTS trellis.dead_letters (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            group_id int NOT NULL,
            id uuid NOT NULL,
            type text NOT NULL,
            partition_key text,
            headers jsonb NOT NULL,
            body bytea NOT NULL,
            attempts int NOT NULL,
            reason text NOT NULL,
            dead_at timestamptz NOT NULL DEFAULT now());
        CREATE INDEX IF NOT EXISTS dead_letters_by_group ON trellis.dead_letters (group_id, number);
        """;
}

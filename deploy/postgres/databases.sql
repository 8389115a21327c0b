-- A database and a role for each service; run once by psql, when the cluster is made.
-- Passwords come from the secret files beside the server and appear in no command line.

\set intake_password `cat /run/secrets/intake_password`
CREATE ROLE onewindow_intake LOGIN PASSWORD :'intake_password';
CREATE DATABASE onewindow_intake OWNER onewindow_intake;
REVOKE ALL ON DATABASE onewindow_intake FROM PUBLIC;

\set casework_password `cat /run/secrets/casework_password`
CREATE ROLE onewindow_casework LOGIN PASSWORD :'casework_password';
CREATE DATABASE onewindow_casework OWNER onewindow_casework;
REVOKE ALL ON DATABASE onewindow_casework FROM PUBLIC;

\set volunteers_password `cat /run/secrets/volunteers_password`
CREATE ROLE onewindow_volunteers LOGIN PASSWORD :'volunteers_password';
CREATE DATABASE onewindow_volunteers OWNER onewindow_volunteers;
REVOKE ALL ON DATABASE onewindow_volunteers FROM PUBLIC;

\set gateway_password `cat /run/secrets/gateway_password`
CREATE ROLE onewindow_gateway LOGIN PASSWORD :'gateway_password';
CREATE DATABASE onewindow_gateway OWNER onewindow_gateway;
REVOKE ALL ON DATABASE onewindow_gateway FROM PUBLIC;

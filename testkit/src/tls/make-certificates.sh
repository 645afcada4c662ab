#!/bin/sh
# Makes the certificates beside this file anew. They are for tests on loopback only; the key of the CA is thrown away.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

names='subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1,DNS:login.microsoftonline.com,DNS:graph.microsoft.com,DNS:accounts.google.com,DNS:oauth2.googleapis.com,DNS:www.googleapis.com,DNS:openidconnect.googleapis.com,DNS:github.com,DNS:api.github.com,DNS:contoso.okta.com,DNS:contoso.eu.auth0.com,DNS:contoso.b2clogin.com,DNS:*.example.test,DNS:example.test'
usage='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth'

key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1"; }

key "$work/ca-key.pem"
openssl req -x509 -new -key "$work/ca-key.pem" -sha256 -days 10950 -subj '/CN=Foyer test CA' \
  -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' -out ca.pem

key server-key.pem
openssl req -new -key server-key.pem -subj '/CN=localhost' -out "$work/server.csr"
printf '%s\n%s\n' "$names" "$usage" > "$work/server.ext"
openssl x509 -req -in "$work/server.csr" -CA ca.pem -CAkey "$work/ca-key.pem" -CAcreateserial -CAserial "$work/serial" \
  -sha256 -days 10950 -extfile "$work/server.ext" -out server.pem

# Signed by itself, so nobody trusts it.
openssl req -x509 -new -key server-key.pem -sha256 -days 10950 -subj '/CN=localhost' -addext "$names" -out self-signed.pem

# The same names from the same CA, but its time was one day in 2020.
touch "$work/index.txt"
cat > "$work/ca.cnf" <<CNF
[ca]
default_ca=d
[d]
database=$work/index.txt
new_certs_dir=$work
rand_serial=yes
default_md=sha256
policy=p
[p]
commonName=supplied
CNF
openssl ca -batch -config "$work/ca.cnf" -cert ca.pem -keyfile "$work/ca-key.pem" -in "$work/server.csr" -notext \
  -startdate 20200101000000Z -enddate 20200102000000Z -extfile "$work/server.ext" -out expired.pem

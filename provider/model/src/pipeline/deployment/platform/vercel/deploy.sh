stage
id=$(staged)
promote "$id"

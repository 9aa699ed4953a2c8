"""What people look at without monespace: pages as bytes."""
